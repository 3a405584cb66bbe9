import Sync
import Foundation
import Reports
import SQLite
import State
import Testing

/// What `recover` and `reset` change in a state, and what happens if they cannot.
@Suite struct StateOperationTests {
  /// A state with a batch that waits to be sent.
  private func interrupted() async throws -> Bench {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 2)")
    bench.sink.set(topicIDs: ["rows": "first"])
    await bench.run()
    try bench.database("UPDATE t SET a = 3")
    bench.sink.answer(.loseAcknowledgement)
    #expect(await bench.run().outcome == .failed)
    return bench
  }

  /// Everything in the state that an answer may change, as SQLite has it.
  private func content(_ bench: Bench) throws -> [String] {
    let connection = try SQLiteConnection(path: bench.statePath, mode: .readWrite)
    var rows: [String] = []
    for sql in [
      "SELECT name || '=' || value FROM meta ORDER BY name",
      "SELECT number || ' ' || state || ' ' || coalesce(hex(kills), '') FROM batch ORDER BY number",
      "SELECT name || ' ' || id FROM topic ORDER BY name",
    ] {
      let statement = try connection.prepare(sql)
      while try statement.step() { rows.append(statement.text(0) ?? "") }
    }
    return rows
  }

  @Test(arguments: RecoveryReport.Answer.allCases)
  func `an answer that cannot be written down whole changes nothing`(
    _ answer: RecoveryReport.Answer
  ) async throws {
    let bench = try await interrupted()
    // The last thing that an answer writes.
    try SQLiteConnection(path: bench.statePath, mode: .readWrite).execute(
      """
      CREATE TRIGGER full BEFORE INSERT ON meta WHEN new.name = 'adopts_transactions'
      BEGIN SELECT raise(ABORT, 'there is no room'); END
      """
    )
    let before = try content(bench)
    let report = await Recovery(bench.location).apply(answer)
    #expect(report?.error?.message.contains("there is no room") == true)
    #expect(report?.batches == nil)
    #expect(try content(bench) == before)
    try SQLiteConnection(path: bench.statePath, mode: .readWrite).execute("DROP TRIGGER full")
    #expect(await Recovery(bench.location).apply(answer)?.batches == 1)
    #expect(try content(bench) != before)
  }

  @Test func `neither an answer nor a reset touches the state of a run under way`() async throws {
    let bench = try await interrupted()
    let before = try content(bench)
    let answers = try await bench.location.whileLocked {
      (await Recovery(bench.location).apply(.sent), await Reset(bench.location).forget())
    }
    #expect(answers != nil && answers?.0 == nil && answers?.1 == nil)
    #expect(try content(bench) == before)
  }

  @Test func `without a state an answer makes none, and a reset forgets nothing`() async throws {
    let bench = try Bench()
    let report = await Recovery(bench.location).apply(.adopt)
    #expect(report?.error?.message.contains("no state yet") == true)
    #expect(await Reset(bench.location).forget()?.isForgotten == false)
    #expect(!bench.location.exists)
  }

  @Test func `a reset leaves no log that the next state would take for its own`() async throws {
    let bench = try await interrupted()
    // A process that was killed leaves the log of what it wrote last.
    let open = try SQLiteConnection(path: bench.statePath, mode: .readWrite)
    try open.execute("UPDATE meta SET value = value")
    let files = FileManager.default
    for suffix in ["", "-wal"] {
      try files.copyItem(
        atPath: bench.statePath + suffix,
        toPath: bench.directory + "/k.db\(suffix)"
      )
    }
    let killed = StateLocation(sync: "k", directory: bench.directory)
    #expect(await Reset(killed).forget()?.isForgotten == true)
    let left = try files.contentsOfDirectory(atPath: bench.directory)
    #expect(left.filter { $0.hasPrefix("k.") } == ["k.lock"])
    withExtendedLifetime(open) {}
  }

  @Test func `a damaged state can be forgotten, and one that cannot be deleted is told`()
    async throws
  {
    let bench = try Bench()
    try Data("damaged, and long enough to be told".utf8).write(
      to: URL(fileURLWithPath: bench.statePath)
    )
    #expect(await Reset(bench.location).forget()?.isForgotten == true)
    try FileManager.default.createDirectory(
      atPath: bench.statePath,
      withIntermediateDirectories: true
    )
    let report = await Reset(bench.location).forget()
    #expect(report?.isForgotten == nil)
    #expect(report?.error?.message.contains("cannot delete") == true)
  }
}
