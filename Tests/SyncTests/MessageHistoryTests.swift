import Sync
import Reports
import SQLite
import Settings
import State
import Testing
import Text

@Suite struct MessageHistoryTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z')"
    )
  }

  private func history() async throws -> [MessageRecord] {
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    guard let run = try await state.lastRunWithMessages() else { return [] }
    return try await state.messages(run: run)
  }

  @Test func `a run leaves the messages that it sent, with their places`() async throws {
    bench.each { $0.headers = [HeaderForm(name: "api-token", value: Located(.text("hunter2")))] }
    await bench.run()
    let sent = bench.sink.takeMessages()
    let history = try await history()
    #expect(history.map(\.row) == ["1", "2", "3"])
    #expect(history.map(\.offset) == [0, 1, 2])
    #expect(history.map(\.topic) == ["rows", "rows", "rows"])
    #expect(history.map { Int32($0.partition) } == sent.map(\.partition))
    #expect(history.map(\.eventID) == sent.map { $0.headers["event-id"] })
    #expect(history.map { $0.key.map { String(decoding: $0, as: UTF8.self) } } == sent.map(\.key))
    #expect(
      history.map { $0.value.map { String(decoding: $0, as: UTF8.self) } } == sent.map(\.value)
    )
    #expect(history[0].headers.contains(#""change":"added""#))
    #expect(history[0].headers.contains(#""api-token":"***""#))
  }

  @Test func `messages of transactions are remembered alike`() async throws {
    bench.sync.delivery = .exactlyOnce
    bench.sink.answer(.refuse(1))
    await bench.run()
    #expect(try await history().map(\.row) == ["1", "3"])
    #expect(try await history().allSatisfy { $0.offset != nil })
  }

  @Test func `removals and tombstones are remembered as what they are`() async throws {
    bench.sync.removed.body = .tombstone
    await bench.run()
    bench.sync.guards[.maxRemoved] = .percent(100)
    try bench.database("DELETE FROM t WHERE id = 2; UPDATE t SET a = 'new' WHERE id = 3")
    await bench.run()
    let history = try await history()
    #expect(history.map(\.change) == [.removed, .changed])
    #expect(history.map(\.row) == ["2", "3"])
    #expect(history[0].value == nil && history[0].valueSize == nil)
    #expect(history.map(\.eventID) == bench.sink.messages.suffix(2).map { $0.headers["event-id"] })
  }

  @Test func `a row that moves has two messages, each with its own id`() async throws {
    bench.sync.onMove = .tombstone
    bench.sync.nullValues = .unchecked
    bench.each { $0.key = Located(.column("a")) }
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET a = 'new' WHERE id = 2")
    await bench.run()
    let history = try await history()
    #expect(history.map(\.row) == ["2", "2"])
    #expect(history.map { $0.key.map { String(decoding: $0, as: UTF8.self) } } == ["new", "y"])
    #expect(history.map(\.eventID) == bench.sink.messages.map { $0.headers["event-id"] })
    #expect(Set(history.map(\.eventID)).count == 2)
  }

  @Test func `a run without messages leaves those of the last one in sight`() async throws {
    await bench.run()
    await bench.run()
    #expect(try await history().count == 3)
  }

  @Test func `rows that were refused are not among the messages`() async throws {
    bench.sink.answer(.refuse(1))
    await bench.run()
    #expect(try await history().map(\.row) == ["1", "3"])
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    #expect(try await state.problems(run: 1).map(\.key) == ["2"])
  }

  @Test(arguments: [(10_500, 1000), (12_000, 1000), (21_000, 2000), (700, 1000), (10_000, 10_000)])
  func `of many messages the last ones are kept`(_ rows: Int, _ limit: Int) async throws {
    try bench.database(
      """
      DELETE FROM t;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
      INSERT INTO t SELECT i, 'v' || i FROM n
      """
    )
    await bench.run(RunOptions(historyMessages: limit))
    let history = try await history()
    let first = max(1, rows - limit + 1)
    #expect(history.map(\.row) == (first...rows).map(String.init))
    let sent = bench.sink.messages.suffix(limit)
    #expect(history.map(\.eventID) == sent.map { $0.headers["event-id"] })
  }

  @Test func `the bound counts the messages of all runs together`() async throws {
    let options = RunOptions(historyMessages: 2)
    await bench.run(options)
    try bench.database("UPDATE t SET a = 'new' WHERE id = 1")
    await bench.run(options)
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    #expect(try await state.messages(run: 1).map(\.row) == ["3"])
    #expect(try await state.messages(run: 2).map(\.row) == ["1"])
    try bench.database("UPDATE t SET a = 'newer' WHERE id = 1")
    await bench.run(RunOptions(historyMessages: 0))
    #expect(try await self.history().isEmpty)
  }

  @Test func `long values are cut, and their length is told`() async throws {
    try bench.database("UPDATE t SET a = printf('%.*c', 9000, 'a') WHERE id = 2")
    await bench.run()
    let long = try await history()[1]
    #expect(long.value?.count == MessageRecord.byteCountMax)
    #expect(long.valueSize == 9000 + #"{"id":2,"a":""}"#.utf8.count)
  }

  @Test func `a run that fails leaves what was acknowledged before`() async throws {
    try bench.database(
      """
      DELETE FROM t;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000)
      INSERT INTO t SELECT i, 'v' || i FROM n
      """
    )
    bench.sink.answer(.acknowledge, .lose)
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(try await history().last?.row == "10000")
  }

  @Test func `a state of the format before is brought up to date by a run`() async throws {
    await bench.run()
    let frame = try await lineFrame()
    let connection = try SQLiteConnection(path: bench.statePath, mode: .readWrite)
    try connection.execute(
      """
      UPDATE records SET data = x'\(frame)';
      DROP TABLE message; DROP TABLE topic; DROP TABLE refused; DROP TABLE topic_partitions;
      DROP TABLE absence; DROP TABLE pinned; DROP TABLE applied_plan;
      DROP TABLE problem_group; ALTER TABLE problem DROP COLUMN detail;
      DROP TABLE message_settings; ALTER TABLE segment DROP COLUMN settings;
      ALTER TABLE records DROP COLUMN columns;
      ALTER TABLE batch DROP COLUMN is_retry; ALTER TABLE batch DROP COLUMN places;
      PRAGMA user_version = 2
      """
    )
    await #expect(throws: StateError.self) {
      try await StateFile.open(path: bench.statePath, mode: .report)
    }
    try bench.database("UPDATE t SET a = 'new' WHERE id = 1")
    #expect(await bench.run().outcome == .done)
    #expect(try await history().map(\.row) == ["1"])
  }

  /// The only segment's lines as an earlier version kept them: one zstd frame, in hexadecimal.
  ///
  /// One block that is not compressed (RFC 8878, 3.1.1).
  private func lineFrame() async throws -> String {
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    var lines: [UInt8] = []
    for row in try await state.liveRows(from: 0, countMax: 10) { lines += row.line + [10] }
    let head = [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(lines.count)]
    let block = lines.count << 3 | 1
    return Hexadecimal.text(head + [UInt8(block & 0xFF), UInt8(block >> 8), 0] + lines)
  }
}
