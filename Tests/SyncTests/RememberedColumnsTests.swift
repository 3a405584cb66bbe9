import Sync
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

  private func checkAll() async -> [CheckItem] {
    let run = bench.makeRun()
    return await RememberedColumns.check(run.sync, run.model, statePath: bench.statePath)
  }

  private func check() async throws -> CheckItem {
    let items = await checkAll()
    #expect(items.count == 1)
    return try #require(items.first)
  }

  @Test func `every wrong column is told at once, in a check and in a run`() async {
    await bench.run()
    bench.sync.changedWhen = Located(.ignoring(["seen", "a"]))
    bench.each { message in
      message.key = Located(.column("idd"))
      message.headers = [
        HeaderForm(name: "h", value: Located(.template("{{ row.b }}{{ previous.c }}")))
      ]
      message.body = .columns([Located("a"), Located("ida"), Located("x")])
    }
    bench.sync.removed.topic = Located(.column("gone"))
    let ofSync = [
      "'seen', which `changed_when` names", "`row.b`", "`previous.c`", "model has no column 'idd'",
      "model has no column 'ida'", "model has no column 'x'", "model has no column 'gone'",
    ]
    let ofModel = ["'idd', which `primary_key` names", "'aa', which `types` names"]
    let items = await checkAll()
    #expect(items.last?.hint == "its columns are id, a")
    #expect(items.contains { $0.hint == "did you mean 'id'? its columns are id, a" })
    bench.primaryKey = ["idd"]
    bench.types = ["aa": .text]
    let run = await bench.run().error?.all.map(\.message) ?? []
    for (told, expected) in [(items.compactMap(\.reason), ofSync), (run, ofModel + ofSync)] {
      #expect(told.count == expected.count, "\(told)")
      for text in expected { #expect(told.count { $0.contains(text) } == 1, "\(text): \(told)") }
    }
  }

  @Test func `columns are known once the query has run`() async throws {
    #expect(try await check().verdict == .unknown)
    await bench.run()
    #expect(try await check().verdict == .passed)
    bench.each { $0.body = .columns([Located("b")]) }
    let found = try await check()
    #expect(found.verdict == .failed)
    #expect(found.isConfiguration)
    #expect(found.reason?.contains("no column 'b'") == true)
  }

  @Test(arguments: ["{x: data.b}", "data.a || previous.b", "data.{a: a, b: b}"])
  func `columns inside expressions are known too`(_ expression: String) async throws {
    await bench.run()
    bench.each { $0.body = .jmespath(Located(expression)) }
    #expect(try await check().reason?.contains("no column 'b'") == true)
    bench.each { $0.body = .jmespath(Located("{x: data.a, all: data, m: metadata.b}")) }
    #expect(try await check().verdict == .passed)
  }

  @Test func `another query makes them unknown again`() async throws {
    await bench.run()
    bench.sql = "SELECT id, a AS b FROM t"
    #expect(try await check().verdict == .unknown)
  }
}
