import Engine
import Reports
import Settings
import Testing

@Suite struct RememberedColumnsTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x')"
    )
  }

  private func check() async -> CheckItem {
    let run = bench.makeRun()
    return await RememberedColumns.check(run.sync, run.model, statePath: bench.statePath)
  }

  @Test func `columns are known once the query has run`() async {
    #expect(await check().verdict == .unknown)
    await bench.run()
    #expect(await check().verdict == .passed)
    bench.each { $0.body = .columns([Located("b")]) }
    let found = await check()
    #expect(found.verdict == .failed)
    #expect(found.isConfiguration)
    #expect(found.reason?.contains("no column 'b'") == true)
  }

  @Test(arguments: ["{x: data.b}", "data.a || previous.b", "data.{a: a, b: b}"])
  func `columns inside expressions are known too`(_ expression: String) async {
    await bench.run()
    bench.each { $0.body = .jmespath(Located(expression)) }
    #expect(await check().reason?.contains("no column 'b'") == true)
    bench.each { $0.body = .jmespath(Located("{x: data.a, all: data, m: metadata.b}")) }
    #expect(await check().verdict == .passed)
  }

  @Test func `another query makes them unknown again`() async {
    await bench.run()
    bench.sql = "SELECT id, a AS b FROM t"
    #expect(await check().verdict == .unknown)
  }
}
