import Reports
import Settings
import Testing

@testable import Sync

@Suite struct BodyEncoderTests {
  private static func bench() throws -> Bench {
    let bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
      INSERT INTO t VALUES (1, 'Ada'), (2, 'Bob');
      """
    )
    bench.sync.added.systemHeaders = [.contentType]
    bench.plansFirst = false
    return bench
  }

  private static func run(_ bench: Bench) async -> (RunReport.Outcome, [RecordingSink.Message]) {
    var run = bench.makeRun(RunOptions(), source: nil, interruption: RunInterruption())
    run.encoder = PackedRows()
    let report = await run.execute()
    return (report.outcome, bench.sink.takeMessages())
  }

  @Test func `bodies of all columns are made by the encoder, keys and headers as ever`()
    async throws
  {
    let bench = try Self.bench()
    let (outcome, messages) = await Self.run(bench)
    #expect(outcome == .done)
    #expect(messages.map(\.key) == ["1", "2"])
    #expect(messages.map { PackedRows.columns(of: $0.bytes) } == [["1", "Ada"], ["2", "Bob"]])
    #expect(messages.first?.headers == ["content-type": "application/x-packed"])
  }

  @Test func `a removed row of an older shape is encoded as it was sent`() async throws {
    let bench = try Self.bench()
    _ = await Self.run(bench)
    try bench.database("ALTER TABLE t ADD COLUMN plan TEXT; DELETE FROM t WHERE id = 1")
    let (outcome, messages) = await Self.run(bench)
    #expect(outcome == .done)
    #expect(messages.map { PackedRows.columns(of: $0.bytes) }.contains(["1", "Ada"]))
  }

  @Test func `a row that the format cannot hold is rejected, the others are sent`() async throws {
    let bench = try Self.bench()
    try bench.database("UPDATE t SET name = printf('%.200c', 'x') WHERE id = 1")
    let (outcome, messages) = await Self.run(bench)
    #expect(outcome == .doneWithProblems)
    #expect(messages.map(\.key) == ["2"])
  }
}
