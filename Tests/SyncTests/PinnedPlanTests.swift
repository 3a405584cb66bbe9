import Foundation
import Reports
import SQLite
import Settings
import State
import Synchronization
import TestSupport
import Testing

@testable import Sync

@Suite struct PinnedPlanTests {
  static let rows =
    """
    CREATE TABLE t (id INTEGER PRIMARY KEY, a);
    INSERT INTO t SELECT value, 'x' FROM generate_series(1, 50);
    """.replacingSeries()
  static let changes =
    "UPDATE t SET a = 'y' WHERE id % 5 = 0; DELETE FROM t WHERE id % 7 = 0;"
    + "INSERT INTO t VALUES (100, 'new')"

  static func bench(_ delivery: DeliveryGuarantee = .atLeastOnce) throws -> Bench {
    let bench = try Bench(rows)
    bench.plansFirst = false
    bench.sync.delivery = delivery
    return bench
  }

  @Test(arguments: DeliveryGuarantee.allCases)
  func `exactly what was pinned is sent, though the source changed and is gone by then`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    let bench = try Self.bench(delivery)
    await bench.run()
    try bench.database(Self.changes)
    let pinned = await bench.pin()
    #expect(pinned.failure == nil)
    #expect(pinned.messages.count == 17)
    #expect(!(pinned.messages.contains { $0.headers["event-id"]?.contains("000000") ?? true }))
    #expect(bench.sink.messages.count == 50)
    try FileManager.default.moveItem(atPath: bench.databasePath, toPath: bench.directory + "/away")
    let report = try await bench.apply(pinned.file)
    #expect(report.outcome == .done, "\(report.error?.message ?? "")")
    #expect(report.runID == pinned.report.pinned?.run && report.command == "apply")
    #expect(report.counts.sent == 17 && report.counts.read == 0)
    #expect(report.counts.added == 1 && report.counts.changed == 9 && report.counts.removed == 7)
    #expect(Array(bench.sink.messages.dropFirst(50)) == pinned.messages)
    let history = try await StateReader(bench.location).messages(MessageFilter())
    let ids = history.messages.compactMap { message -> String? in
      if case .sent(let record) = message { record.eventID } else { nil }
    }
    #expect(ids.suffix(17) == pinned.messages.compactMap { $0.headers["event-id"] })
    try FileManager.default.moveItem(atPath: bench.directory + "/away", toPath: bench.databasePath)
    try bench.database("UPDATE t SET a = 'later' WHERE id = 1")
    #expect(await bench.run().counts.changed == 1)
    #expect(try bench.fold() == bench.table())
  }

  @Test func `what only a run gives is pinned with the run that sends it`() async throws {
    let bench = try Self.bench()
    bench.each { message in
      message.key = nil
      message.systemHeaders = [.eventID, .change, .timestamp]
      message.body = .template(
        Located(#"{"id": {{ row.id }}, "run": "{{ run.id }}", "now": "{{ now }}"}"#)
      )
    }
    let pinned = await bench.pin()
    let run = try #require(pinned.report.pinned?.run)
    #expect(pinned.messages.allSatisfy { $0.value?.contains(run) ?? false })
    // Round-robin gives each its partition.
    #expect(Set(pinned.messages.map(\.partition)) == [0, 1, 2])
    bench.each { $0.body = .allColumns }
    #expect(try await bench.apply(pinned.file).outcome == .done)
    #expect(bench.sink.messages == pinned.messages)
    let last = try await StateReader(bench.location).runs(limit: 1).first
    #expect(last?.id == run && last?.command == "apply")
  }

  @Test(arguments: DeliveryGuarantee.allCases, InitialSync.allCases)
  func `a sync without a state gets one from its plan`(
    _ delivery: DeliveryGuarantee,
    _ initial: InitialSync
  ) async throws {
    let bench = try Self.bench(delivery)
    bench.sync.initialSync = initial
    let pinned = await bench.pin()
    #expect(!FileManager.default.fileExists(atPath: bench.statePath))
    let report = try await bench.apply(pinned.file)
    #expect(report.outcome == .done, "\(report.error?.message ?? "")")
    #expect(bench.sink.messages == pinned.messages)
    #expect(pinned.messages.count == (initial == .skip ? 0 : 50))
    #expect(report.counts.remembered == (initial == .skip ? 50 : 0))
    let next = await bench.run()
    #expect(next.counts.unchanged == 50 && next.counts.sent == 0)
    #expect(bench.notes.withLock { $0.filter { $0.contains("no state") } } == [])
  }

  @Test func `a plan is applied once`() async throws {
    let bench = try Self.bench()
    await bench.run()
    _ = bench.arrivals()
    // A backfill leaves the snapshot as it was: only the note of the plan tells.
    let pinned = await bench.pin(RunOptions(command: .backfill))
    #expect(try await bench.apply(pinned.file).outcome == .done)
    #expect(bench.sink.takeMessages() == pinned.messages)
    let second = try await bench.apply(pinned.file)
    #expect(second.outcome == .failed)
    let run = try #require(pinned.report.pinned?.run)
    #expect(second.error?.message.contains("was applied at") == true)
    #expect(second.error?.message.contains(run) == true)
    #expect(bench.sink.messages.isEmpty)
  }

  @Test func `messages that another run sent of the same rows make a plan stale`() async throws {
    let bench = try Self.bench()
    await bench.run()
    let pinned = await bench.pin(RunOptions(command: .backfill))
    await bench.run()
    bench.each { $0.body = .template(Located("{}")) }
    await bench.run(RunOptions(command: .backfill))
    _ = bench.sink.takeMessages()
    let report = try await bench.apply(pinned.file)
    #expect(report.outcome == .failed && bench.sink.messages.isEmpty)
    let message = report.error?.message ?? ""
    #expect(
      message.contains("50 messages were sent by") && message.contains("(backfill)"),
      "\(message)"
    )
  }

  @Test func `rows that were moved in the file meanwhile are found by their keys`() async throws {
    let bench = try Self.bench()
    for round in 1...17 {
      try bench.database("UPDATE t SET a = 'r\(round)' WHERE id % 17 = \(round - 1)")
      await bench.run()
    }
    try bench.database(Self.changes)
    let pinned = await bench.pin()
    #expect(await StateUpkeep(bench.location).compact()?.error == nil)
    _ = bench.arrivals()
    #expect(try await bench.apply(pinned.file).outcome == .done)
    #expect(bench.sink.messages == pinned.messages)
    #expect(await bench.run().counts.unchanged == 44)
  }

  @Test func `a plan of some rows begins and ends no whole backfill`() async throws {
    let bench = try Self.bench()
    await bench.run()
    try bench.database(Self.changes)
    _ = bench.arrivals()
    var options = RunOptions(command: .backfill)
    options.part = RowPart(condition: "id < 4", keys: [], typed: "--where 'id < 4'")
    let part = await bench.pin(options)
    #expect(part.messages.count == 3)
    #expect(part.messages.allSatisfy { $0.headers["backfill"] == "true" })
    #expect(try await bench.apply(part.file).outcome == .done)
    #expect(bench.sink.takeMessages() == part.messages)
    let limited = await bench.pin(RunOptions(limit: 2))
    #expect(try await bench.apply(limited.file).counts.sent == 2)
    #expect(bench.sink.takeMessages() == limited.messages)
    await bench.run()
    #expect(bench.sink.takeMessages().count == 15)
  }

  @Test func `rejected rows are pinned as such, and told when the plan is applied`() async throws {
    let bench = try Self.bench()
    await bench.run()
    try bench.database("UPDATE t SET a = iif(id = 3, '{', '{}') WHERE id < 6")
    bench.each { $0.body = .column(Located("a")) }
    let pinned = await bench.pin()
    #expect(pinned.report.outcome == .doneWithProblems && pinned.messages.count == 4)
    _ = bench.arrivals()
    let report = try await bench.apply(pinned.file)
    #expect(report.outcome == .doneWithProblems && report.counts.rejected == 1)
    #expect(report.problems.first?.first == "3")
    #expect(bench.sink.takeMessages() == pinned.messages)
    try bench.database("UPDATE t SET a = '{}' WHERE id = 3")
    #expect(await bench.run().counts.changed == 1)
    #expect(bench.arrivals() == ["changed 3"])
  }

  @Test(arguments: DeliveryGuarantee.allCases)
  func `rows that move leave their null values as planned`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    let bench = try Self.bench(delivery)
    bench.sync.onMove = .tombstone
    bench.each { $0.topic = Located(.column("a")) }
    for topic in ["x", "y", "new"] { bench.sink.addTopic(topic) }
    await bench.run()
    _ = bench.arrivals()
    try bench.database(Self.changes)
    let pinned = await bench.pin()
    #expect(pinned.messages.count { $0.value == nil } > 5)
    let report = try await bench.apply(pinned.file)
    #expect(report.outcome == .done && report.counts.moved > 5)
    #expect(bench.sink.messages == pinned.messages)
  }

  @Test func `a plan that compares other columns than the state fits both before and after a run`()
    async throws
  {
    for runsBetween in [false, true] {
      let bench = try Self.bench()
      bench.sql = "SELECT id, a, 1 AS b FROM t ORDER BY id"
      await bench.run()
      _ = bench.arrivals()
      bench.sync.changedWhen = Located(.ignoring(["b"]))
      try bench.database("UPDATE t SET a = 'y' WHERE id = 2")
      let pinned = await bench.pin()
      try bench.database("UPDATE t SET a = 'x' WHERE id = 2")
      // It finds no change, and makes the fingerprints of the state those of the plan.
      if runsBetween { #expect(await bench.run().counts.unchanged == 50) }
      let report = try await bench.apply(pinned.file)
      #expect(report.outcome == .done, "\(report.error?.message ?? "")")
      #expect(bench.sink.messages == pinned.messages && pinned.messages.count == 1)
      #expect(await bench.run().counts.changed == 1)
    }
  }

  @Test func `a plan of a changed model is applied, and stale once a run took the columns in`()
    async throws
  {
    for runsBetween in [false, true] {
      let bench = try Self.bench()
      await bench.run()
      _ = bench.arrivals()
      bench.sql = "SELECT id, a, id * 2 AS b FROM t ORDER BY id"
      try bench.database("UPDATE t SET a = 'y' WHERE id = 2")
      let pinned = await bench.pin()
      try bench.database("UPDATE t SET a = 'x' WHERE id = 2")
      if runsBetween { #expect(await bench.run().counts.changed == 0) }
      #expect(try await bench.apply(pinned.file).outcome == (runsBetween ? .failed : .done))
      #expect(bench.sink.messages == (runsBetween ? [] : pinned.messages))
      #expect(await bench.run().counts.changed == (runsBetween ? 0 : 1))
    }
  }

  @Test func `the report of a plan is read back as it was`() async throws {
    let bench = try Self.bench()
    await bench.run()
    try bench.database(
      Self.changes + "; UPDATE t SET a = NULL WHERE id = 1; DELETE FROM t WHERE id > 15"
    )
    bench.sync.guards[.maxRemoved] = .count(20)
    let pinned = await bench.pin()
    #expect(pinned.report.outcome == .stoppedByGuard)
    let read = try await PinnedPlan.open(pinned.file, typed: "s.plan", examining: true).report
    #expect(read.json == pinned.report.json)
    #expect(read.withoutValues.json == pinned.report.withoutValues.json)
    #expect(read.error?.code == pinned.report.error?.code)
    let texts = { (report: PlanReport) in
      report.samples.flatMap { $0.columns.map { [$0.name, $0.old ?? "-", $0.new ?? "-"] } }
    }
    #expect(texts(read) == texts(pinned.report))
  }
}
