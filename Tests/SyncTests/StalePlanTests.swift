import Foundation
import Reports
import SQLite
import Settings
import State
import Testing

@testable import Sync

/// Plans that are no longer what would be sent, and plans that guards stop.
@Suite struct StalePlanTests {
  private let bench: Bench

  init() throws {
    bench = try PinnedPlanTests.bench()
  }

  private func pinAfterChanges() async throws -> Bench.Pinned {
    await bench.run()
    try bench.database(PinnedPlanTests.changes)
    let pinned = await bench.pin()
    _ = bench.arrivals()
    return pinned
  }

  private func refusal(of file: String, allowing guards: Set<Guard> = []) async throws -> String {
    let report = try await bench.apply(file, allowing: guards)
    #expect(report.outcome == .failed)
    #expect(bench.sink.messages.isEmpty)
    #expect(try await !bench.isApplied(file))
    return report.error?.message ?? ""
  }

  @Test func `a plan that another run made stale says which run and which rows`() async throws {
    let pinned = try await pinAfterChanges()
    await bench.run()
    let run = try await StateReader(bench.location).runs(limit: 1).first?.id ?? "?"
    #expect(bench.arrivals().count == 17)
    let message = try await refusal(of: pinned.file)
    #expect(message.contains("stale") && message.contains(run))
    #expect(message.contains("rows 7 · 14 · 21"), "\(message)")
    #expect(message.contains("50 rows then, 44 now"), "\(message)")
  }

  @Test func `runs that change nothing leave a plan as it is`() async throws {
    let pinned = try await pinAfterChanges()
    try bench.database(
      "DELETE FROM t; INSERT INTO t WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s "
        + "WHERE v < 50) SELECT v, 'x' FROM s"
    )
    #expect(await bench.run().counts.unchanged == 50)
    #expect(try await bench.apply(pinned.file).outcome == .done)
    #expect(bench.sink.messages == pinned.messages)
  }

  @Test func `a row that entered and left again leaves a plan as it is, one that stays does not`()
    async throws
  {
    let pinned = try await pinAfterChanges()
    try bench.database("UPDATE t SET a = 'y'; INSERT INTO t VALUES (7, 'y')")
    // Only additions and changes, five of them.
    await bench.run(RunOptions(limit: 5))
    _ = bench.arrivals()
    let message = try await refusal(of: pinned.file)
    #expect(message.contains("rows 1 · 2 · 3 · 4 · 5"), "\(message)")
  }

  @Test func `a plan waits for no batch of another run`() async throws {
    let pinned = try await pinAfterChanges()
    bench.sink.fail(call: 3, .dieBefore)
    await bench.run()
    bench.sink.fail(call: nil)
    #expect(try await refusal(of: pinned.file).contains("wait to be sent"))
    // Nor is one made that could never be applied.
    let second = await bench.pin(name: "second.plan")
    #expect(second.failure?.message.contains("wait to be sent") == true)
    #expect(!FileManager.default.fileExists(atPath: second.file))
  }

  @Test func `another cluster, and topics that are not as they were, are told`() async throws {
    bench.sink.set(topicIDs: ["rows": "first"])
    let pinned = try await pinAfterChanges()
    bench.sink.become(cluster: "cluster-b")
    #expect(try await refusal(of: pinned.file).contains("cluster-b"))
    bench.sink.become(cluster: "cluster-a")
    bench.sink.addTopic("rows", partitions: 4)
    #expect(try await refusal(of: pinned.file).contains("4 partitions, and had 3"))
    bench.sink.removeTopic("rows")
    #expect(try await refusal(of: pinned.file).contains("is gone"))
    bench.sink.addTopic("rows", partitions: 3)
    bench.sink.set(topicIDs: ["rows": "second"])
    #expect(try await refusal(of: pinned.file).contains("deleted and made again"))
    bench.sink.set(topicIDs: ["rows": "first"])
    #expect(try await bench.apply(pinned.file).outcome == .done)
  }

  @Test func `a state that is gone, reset or another one is told`() async throws {
    let pinned = try await pinAfterChanges()
    try FileManager.default.moveItem(atPath: bench.statePath, toPath: bench.directory + "/away.db")
    #expect(try await refusal(of: pinned.file).contains("state that it was made of is gone"))
    #expect(!FileManager.default.fileExists(atPath: bench.statePath))
    await bench.run()
    _ = bench.arrivals()
    #expect(try await refusal(of: pinned.file).contains("another state by now"))
    // One that was made of no state does not fit into one either.
    let fresh = try PinnedPlanTests.bench()
    let first = await fresh.pin()
    await fresh.run()
    #expect(try await fresh.apply(first.file).outcome == .failed)
  }

  @Test func `columns that count otherwise by now cannot be compared`() async throws {
    let pinned = try await pinAfterChanges()
    try bench.database("ALTER TABLE t ADD COLUMN b")
    bench.sql = "SELECT id, b FROM t ORDER BY id"
    await bench.run(RunOptions(allowedGuards: Set(Guard.allCases)))
    _ = bench.arrivals()
    #expect(try await refusal(of: pinned.file).contains("columns that count"))
  }

  // MARK: - Guards

  @Test func `a plan that a guard stops is pinned, and needs the allowance of apply itself`()
    async throws
  {
    await bench.run()
    try bench.database("DELETE FROM t WHERE id > 10")
    // An allowance lets the plan pass, and is not pinned.
    for options in [RunOptions(), RunOptions(allowedGuards: [.maxRemoved])] {
      bench.sync.guards[.maxRemoved] = .percent(50)
      let pinned = await bench.pin(options)
      let isAllowed = !options.allowedGuards.isEmpty
      #expect(pinned.report.outcome == (isAllowed ? .done : .stoppedByGuard))
      #expect(pinned.report.pinned?.messages == 40)
      let namesAllow = pinned.report.error?.hint?.contains("--allow max_removed")
      #expect(namesAllow == (isAllowed ? nil : true))
      _ = bench.arrivals()
      let stopped = try await bench.apply(pinned.file)
      #expect(stopped.outcome == .stoppedByGuard)
      #expect(stopped.error?.guards.first?.examples == ["11", "12", "13"])
      #expect(stopped.error?.hint?.contains("sluice apply s.plan --allow max_removed") == true)
      #expect(bench.sink.messages.isEmpty)
      if isAllowed {
        #expect(try await bench.apply(pinned.file, allowing: [.maxRemoved]).outcome == .done)
        #expect(bench.sink.messages == pinned.messages)
      }
    }
  }

  @Test func `too many rejected rows are known before the first message of a plan`() async throws {
    await bench.run()
    try bench.database("UPDATE t SET a = iif(id % 2, '{', '{}')")
    bench.each { $0.body = .column(Located("a")) }
    bench.sync.guards[.maxRejected] = .count(5)
    let pinned = await bench.pin()
    #expect(pinned.report.outcome == .stoppedByGuard)
    #expect(pinned.report.error?.guards.map(\.name) == [.maxRejected])
    _ = bench.arrivals()
    #expect(try await bench.apply(pinned.file).outcome == .stoppedByGuard)
    #expect(bench.sink.messages.isEmpty)
    let report = try await bench.apply(pinned.file, allowing: [.maxRejected])
    #expect(report.outcome == .doneWithProblems && report.counts.rejected == 25)
    #expect(bench.sink.messages == pinned.messages)
  }

  @Test func `a first run that streams is judged as a whole when it is pinned`() async throws {
    bench.sync.guards[.maxAdded] = .count(10)
    let pinned = await bench.pin(RunOptions(allowedGuards: [.maxAdded]))
    #expect(pinned.report.outcome == .done && pinned.messages.count == 50)
    #expect(try await bench.apply(pinned.file).outcome == .stoppedByGuard)
    #expect(try await bench.apply(pinned.file, allowing: [.maxAdded]).outcome == .done)
    #expect(bench.sink.messages == pinned.messages)
  }

  @Test func `what stops a plan otherwise leaves no file`() async throws {
    await bench.run()
    bench.sql = "SELECT id FROM nowhere"
    let pinned = await bench.pin()
    #expect(pinned.failure?.message.contains("the plan was not saved") == true)
    let files = try FileManager.default.contentsOfDirectory(atPath: bench.directory)
    #expect(files.filter { $0.contains("plan") } == [])
  }
}
