import Foundation
import Reports
import Rows
import Settings
import TestSupport
import Testing

@testable import State

/// A state file of each format, as the version that introduced it left it, read by this version.
///
/// `Snapshots/format-N.sql` is a dump by SQLite's shell. `RECORD_SNAPSHOTS=1` writes the one of the
/// newest format, and fails.
@Suite struct StoredFormatTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")

  private static let shape = Shape(
    dialect: .postgres,
    columns: [
      Shape.Column(name: "id", type: ColumnType(.integer, declared: "integer")),
      Shape.Column(name: "name", type: ColumnType(.text, declared: "text")),
    ]
  )

  private static let secret: UInt64 = 7

  /// Any key.
  private static let absent = Array(UInt8(1)...16).withUnsafeBytes(KeyHash.init(bytes:))

  /// Two rows were added, one of them then changed; a third waits to be sent.
  private static func fill(_ state: StateFile) async throws {
    try await state.update { meta in
      meta.id = String(repeating: "ab", count: 16)
      meta.secret = secret
      meta.primaryKey = ["id"]
      meta.modelHash = "model"
      meta.settingsHash = "settings"
      meta.cluster = "cluster"
      meta.source = #"{"database": "shop", "system": "postgres"}"#
      meta.isInitialized = true
      meta.transactionMark = TransactionMark(number: 2, token: "cd", anchor: "t", isHeld: true)
    }
    let settings = try await state.use(messageSettings: "{}")
    try await state.update { $0.wholeSettings = settings }
    let number = try await state.remember(shape)
    try await state.update { $0.shape = number }
    let first = try await scan(state, ["1\tone", "2\ttwo"])
    try await state.commit(first)
    let second = try await scan(state, ["1\tone", "2\tTWO"])
    try await state.commit(second)
    _ = try await scan(state, ["1\tone", "2\tTWO", "3\tthree"])
    try await state.remember(topicIDs: ["t": "an-id"])
    try await state.remember(topicPartitions: ["t": 3])
    try await state.remember(absences: [try #require(absent): Absence(since: 5, results: 2)])
    let run = try await state.beginRun(id: "run_a", command: "run", startedAt: 1_000_000)
    let problem = Problem(kind: .rejected, change: .added, key: "9", reason: "too large")
    try await state.report([problem], run: run)
    var counts = RunCounts()
    counts.sent = 2
    try await state.endRun(
      run,
      report: RunReport(
        sync: "s",
        startedAt: 1_000_000,
        finishedAt: 2_000_000,
        outcome: .done,
        counts: counts,
        problems: [ProblemGroup(kind: .rejected, reason: "too large", rows: 1, first: "9")]
      ),
      messages: [
        MessageRecord(
          time: 1_500_000,
          change: .added,
          row: "1",
          topic: "t",
          partition: 0,
          offset: 4,
          key: Array("1".utf8),
          eventID: "evt_a",
          headers: "{}",
          value: Array("{}".utf8),
          valueSize: 2
        )
      ],
      keeping: 10,
      keepingMessages: 10
    )
    try await state.checkpoint()
  }

  /// Writes down what differs between `lines` and the snapshot, ready to be sent.
  private static func scan(
    _ state: StateFile,
    _ lines: [String]
  ) async throws -> [StateFile.Settlement] {
    let number = try await state.remember(shape)
    let comparison = StateFile.Comparison(shape: shape, key: ["id"], counted: ["name"])
    let diff = Diff(
      snapshot: try await state.loadSnapshot(
        for: comparison,
        shapeNumber: number,
        isWriting: true
      ),
      policy: Diff.Policy { _ in true },
      secret: secret,
      fieldCount: 2,
      key: comparison.keyFields(of: shape) ?? [],
      counted: [1]
    )
    let page = Page()
    for line in lines { Array(line.utf8).withUnsafeBytes { page.append($0) } }
    var settlements: [StateFile.Settlement] = []
    for batch in diff.process(page) + diff.finishRows() {
      let written = try await state.write(batch, as: .prepared, shape: number)
      settlements.append(StateFile.Settlement(batch: written))
    }
    return settlements
  }

  private static func dump(_ format: Int) -> URL {
    folder.appendingPathComponent("format-\(format).sql")
  }

  @Test func `the newest format has a stored file`() async throws {
    let newest = Self.dump(Migration.all.count)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      let database = TemporaryDatabase()
      defer { database.delete() }
      let path = database.path
      try await Self.fill(StateFile.open(path: path, mode: .run))
      let (code, text, errors) = await Shell.run(
        """
        sqlite3 '\(path)' .dump
        sqlite3 '\(path)' "SELECT 'PRAGMA user_version = \(Migration.all.count);'"
        sqlite3 '\(path)' "SELECT 'PRAGMA application_id = ' || application_id || ';' \
        FROM pragma_application_id"
        """
      )
      try #require(code == 0, "\(errors)")
      try Data(text.utf8).write(to: newest)
      Issue.record("recorded \(newest.lastPathComponent)")
    }
    #expect(
      FileManager.default.fileExists(atPath: newest.path),
      "a new migration needs a stored file: run once with RECORD_SNAPSHOTS=1"
    )
  }

  /// The formats of which there is a file.
  static var formats: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.compactMap { Int($0.dropFirst("format-".count).dropLast(".sql".count)) }.sorted()
  }

  @Test(arguments: formats)
  func `a stored file of each format opens with all that it holds`(_ format: Int) async throws {
    let database = TemporaryDatabase()
    defer { database.delete() }
    let path = database.path
    let made = await Shell.run("sqlite3 -bail '\(path)' < '\(Self.dump(format).path)'")
    try #require(made.code == 0, "\(made.errors)")
    let state = try await StateFile.open(path: path, mode: .existing)

    let meta = try await state.meta()
    #expect(meta.id == String(repeating: "ab", count: 16) && meta.secret == Self.secret)
    #expect(meta.primaryKey == ["id"] && meta.isInitialized && meta.cluster == "cluster")
    #expect(meta.transactionMark?.anchor == "t")
    #expect(try await state.summary().rows == 2)
    let number = try #require(meta.shape)
    #expect(try await state.shape(number) == Self.shape)
    let comparison = StateFile.Comparison(shape: Self.shape, key: ["id"], counted: ["name"])
    let row = try await state.storedRow(withKeyOf: Array("2\t".utf8), comparison)
    #expect(row?.line == Array("2\tTWO".utf8))

    let absences = try await state.absences()
    #expect(absences.values.map(\.results) == (format < 7 ? [] : [2]))

    let settings = try await state.messageSettings()
    let origins = try await state.origins(of: [try #require(row).reference])
    #expect(settings == (format < 9 ? [:] : [1: "{}"]))
    #expect(origins == [format < 9 ? .unknown : .settings(1)])
    #expect(meta.wholeSettings == (format < 9 ? nil : 1))

    // What was written down and not sent is sent as it was written.
    let waiting = try await state.preparedBatches()
    let batch = try await state.batch(try #require(waiting.first), withPrevious: true)
    #expect(waiting.count == 1 && batch.changes.map(\.kind) == [.added])
    #expect(Array(batch.rows.line(0)) == Array("3\tthree".utf8))

    let run = try #require(try await state.runs(limit: 5).first)
    #expect(run.outcome == "done" && run.counts?.sent == 2 && run.problems.first?.rows == 1)
    #expect(try await state.problems(run: run.number).map(\.key) == ["9"])
    #expect(try await state.messages(run: run.number).map(\.eventID) == ["evt_a"])
    #expect(try await state.topicIDs() == ["t": "an-id"])
    #expect(try await state.topicPartitions() == ["t": 3])

    // The next scan finds nothing new once the batch that waited is delivered.
    try await state.commit([StateFile.Settlement(batch: batch)])
    #expect(try await Self.scan(state, ["1\tone", "2\tTWO", "3\tthree"]).isEmpty)
  }
}
