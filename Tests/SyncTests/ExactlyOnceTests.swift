import Sync
import Foundation
import Reports
import Settings
import State
import Synchronization
import TestSupport
import Testing

@Suite struct ExactlyOnceTests {
  private static let rows =
    """
    CREATE TABLE t (id INTEGER PRIMARY KEY, a);
    INSERT INTO t SELECT value, 'x' FROM generate_series(1, 50);
    """.replacingSeries()
  private static let changes =
    "UPDATE t SET a = 'y' WHERE id % 5 = 0; DELETE FROM t WHERE id % 7 = 0;"
    + "INSERT INTO t VALUES (100, 'new')"

  private static func bench(_ setUp: String = rows) throws -> Bench {
    let bench = try Bench(setUp)
    bench.sync.delivery = .exactlyOnce
    return bench
  }

  @Test func `a transaction holds what is ready, and its number and token`() async throws {
    let bench = try Self.bench()
    #expect(await bench.run().counts.sent == 50)
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    let mark = try await state.transactionMark()
    #expect(mark.number == 1 && mark.isHeld && mark.anchor == "rows")
    #expect(bench.sink.offsets.map(\.number) == [1])
    #expect(bench.sink.offsets.map(\.token) == [mark.token])
  }

  @Test(arguments: DeliveryGuarantee.allCases)
  func `commits are told as they begin and end, also one that fails`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    let bench = try Self.bench()
    bench.sync.delivery = delivery
    bench.plansFirst = false
    let events = Mutex<[RunEvent]>([])
    bench.watch = { event in
      if case .counted = event { return }
      events.withLock { $0.append(event) }
    }
    // A first run sends while it scans.
    await bench.run()
    let state: [RunEvent] = [.commitBegan(.state), .commitEnded(.state)]
    let transaction: [RunEvent] = [.commitBegan(.transaction), .commitEnded(.transaction)]
    let commits = delivery == .exactlyOnce ? transaction + state : state
    #expect(
      events.withLock { $0.suffix(commits.count + 2) }
        == [.entered(.scanning)] + commits + [.entered(.finished)]
    )
    var most = 0
    for failing in 1...20 {
      try bench.database("UPDATE t SET a = \(failing)")
      events.withLock { $0 = [] }
      bench.sink.fail(call: failing, .refuse(.abortable))
      await bench.run()
      for (began, ended) in [(state[0], state[1]), (transaction[0], transaction[1])] {
        let counts = events.withLock { all in
          [began, ended].map { event in all.count { $0 == event } }
        }
        #expect(counts[0] == counts[1], "call \(failing)")
        most = max(most, counts[0])
      }
    }
    // A commit that fails is made again.
    if delivery == .exactlyOnce { #expect(most > 1) }
  }

  @Test func `a run without changes renews the offset`() async throws {
    let bench = try Self.bench()
    await bench.run()
    let commits = bench.sink.commits
    #expect(await bench.run().outcome == .done)
    #expect(bench.sink.commits == commits + 1)
    #expect(bench.sink.offsets.map(\.number) == [1])
  }

  @Test(
    arguments: [
      .refuse(.other), .refuse(.abortable), .refuse(.fenced), .refuse(.fatal), .refuse(.timedOut),
      .refuse(.outcomeUnknown), .lose(.outcomeUnknown), .lose(.fenced), .lose(.fatal),
      .lose(.abortable), .refuse(.denied), .dieBefore, .dieAfter,
    ] as [RecordingSink.Fault]
  )
  func `whatever call fails in whatever way, everything arrives once`(
    fault: RecordingSink.Fault
  ) async throws {
    var points = 0
    for failing in 1...60 {
      let bench = try Self.bench()
      await bench.run()
      try bench.database(Self.changes)
      bench.sink.fail(call: failing, fault)
      _ = await bench.run()
      let calls = bench.sink.calls
      bench.sink.fail(call: nil)
      if calls < failing { break }
      points += 1
      #expect(await bench.run().outcome == .done, "after call \(failing)")
      try bench.expectEverythingOnce("after call \(failing)")
    }
    #expect(points >= 8)
    print("exactly once, sink calls failed one after the other with \(fault): \(points)")
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `after any workload and any faults every change came once`(seed: UInt64) async throws {
    var random = SeededGenerator(state: seed)
    let bench = try Self.bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
    bench.sync.guards[.maxRemoved] = .percent(100)
    for round in 0..<80 {
      try bench.database(Workload.statements(&random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bench.sink.answer(.lose)
      case 1: bench.sink.answer(.loseAcknowledgement)
      case 2: bench.sink.fail(call: Int.random(in: 1...12, using: &random), .dieBefore)
      case 3: bench.sink.fail(call: Int.random(in: 1...12, using: &random), .dieAfter)
      default: break
      }
      bench.sync.delivery = Int.random(in: 0..<9, using: &random) == 0 ? .atLeastOnce : .exactlyOnce
      let isExact = bench.sync.delivery == .exactlyOnce
      _ = await bench.run()
      bench.sink.answer()
      bench.sink.fail(call: nil)
      bench.sync.delivery = .exactlyOnce
      #expect(await bench.run().outcome == .done, "seed \(seed), round \(round)")
      if isExact { try bench.expectEverythingOnce("seed \(seed), round \(round)") }
      #expect(try bench.fold() == bench.table(), "seed \(seed), round \(round)")
      if !isExact { bench.forgetRepetitions() }
    }
  }

  @Test func `a row that is refused is rejected, and the rest of its batch is sent`() async throws {
    let bench = try Self.bench()
    bench.sink.answer(.refuseRequest(keys: ["7", "9"]))
    let report = await bench.run()
    bench.sink.answer()
    #expect(report.outcome == .doneWithProblems)
    #expect(report.counts.rejected == 2 && report.counts.sent == 48)
    #expect(bench.sink.messages.count == 48)
    #expect(await bench.run().counts.sent == 2)
    try bench.expectEverythingOnce("")
  }

  @Test func `a row rejected in a commit of unknown outcome stays out of the snapshot`()
    async throws
  {
    let bench = try Self.bench()
    bench.sink.answer(.refuse(3))
    bench.sink.fail(call: 99)
    // The call that commits the first batch, whose answer is lost with the process.
    let calls = try await Self.callsUntilCommit()
    bench.sink.fail(call: calls, .dieAfter)
    #expect(await bench.run().outcome == .failed)
    bench.sink.fail(call: nil)
    bench.sink.answer()
    #expect(bench.sink.messages.count == 49)
    let report = await bench.run()
    #expect(report.outcome == .done)
    #expect(report.counts.sent == 1)
    try bench.expectEverythingOnce("")
  }

  /// Number of the call that commits the batch of a first run.
  private static func callsUntilCommit() async throws -> Int {
    let bench = try bench()
    bench.sink.answer(.refuse(3))
    await bench.run()
    return bench.sink.calls
  }
}

extension ExactlyOnceTests {
  /// A run whose first batch is prepared, and whose process died before the commit.
  private static func interrupted() async throws -> Bench {
    let bench = try bench()
    await bench.run()
    try bench.database("UPDATE t SET a = 'y' WHERE id < 4")
    // connect, open, offsets, prepare, begin, submit, commit.
    bench.sink.fail(call: 7, .dieBefore)
    #expect(await bench.run().outcome == .failed)
    bench.sink.fail(call: nil)
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    try #require(try await state.preparedBatches().count == 1)
    return bench
  }

  private static func state(of bench: Bench) async throws -> StateFile {
    try await StateFile.open(path: bench.statePath, mode: .existing)
  }

  @Test func `a group that Kafka forgot loses nothing if nothing waits`() async throws {
    let bench = try Self.bench()
    await bench.run()
    bench.sink.set(offsets: [])
    let report = await bench.run()
    #expect(report.outcome == .done && report.counts.sent == 0)
    #expect(bench.sink.offsets.map(\.number) == [1])
  }

  @Test func `a group that Kafka forgot while a batch waits stops the run with the choices`()
    async throws
  {
    let bench = try await Self.interrupted()
    bench.sink.set(offsets: [])
    for _ in 0..<2 {
      let report = await bench.run()
      #expect(report.outcome == .failed)
      #expect(report.error?.message.contains("no longer knows") == true)
      #expect(report.error?.hint?.contains("--not-sent") == true)
    }
    let report = await Recovery(bench.location).apply(.notSent)
    #expect(report?.batches == 1 && report?.error == nil)
    #expect(await bench.run().counts.resent == 3)
    try bench.expectEverythingOnce("")
  }

  @Test func `an answer that the batches were sent takes them into the snapshot`() async throws {
    let bench = try await Self.interrupted()
    bench.sink.set(offsets: [])
    #expect(await Recovery(bench.location).apply(.sent)?.batches == 1)
    let report = await bench.run()
    #expect(report.outcome == .done && report.counts.sent == 0)
  }

  @Test func `an offset that this state does not know stops the run until it is adopted`()
    async throws
  {
    let bench = try await Self.interrupted()
    let known = try #require(bench.sink.offsets.first)
    bench.sink.set(offsets: [
      HeldMark(topic: known.topic, partition: 0, number: 40, token: "somebody else")
    ])
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("another run took over") == true)
    #expect(report.error?.hint?.contains("--adopt") == true)
    #expect(bench.sink.messages.count == 50)
    let state = try await Self.state(of: bench)
    try await state.update { $0.adoptsTransactions = true }
    #expect(await bench.run().outcome == .done)
    // What waited got a number behind the other run's.
    #expect(bench.sink.offsets.first.map { $0.number > 40 } == true)
    try bench.expectEverythingOnce("")
    try bench.database("UPDATE t SET a = 'z' WHERE id = 50")
    #expect(await bench.run().counts.sent == 1)
    #expect(await bench.run().outcome == .done)
    try bench.expectEverythingOnce("")
  }

  @Test func `an older state that was restored is found out`() async throws {
    let bench = try Self.bench()
    await bench.run()
    let copy = bench.statePath + ".backup"
    try FileManager.default.copyItem(atPath: bench.statePath, toPath: copy)
    try bench.database("UPDATE t SET a = 'y' WHERE id < 4")
    await bench.run()
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: bench.statePath + suffix)
    }
    try FileManager.default.moveItem(atPath: copy, toPath: bench.statePath)
    let report = await bench.run()
    #expect(report.error?.message.contains("this is an older one") == true)
  }

  @Test func `after a run at least once one exactly once continues, and back`()
    async throws
  {
    let bench = try await Self.interrupted()
    // The transaction was committed after all, and the state does not know it yet.
    bench.sync.delivery = .atLeastOnce
    #expect(await bench.run().counts.resent == 3)
    try bench.database("UPDATE t SET a = 'z' WHERE id = 9")
    #expect(await bench.run().counts.sent == 1)
    bench.sink.set(offsets: [])
    bench.sync.delivery = .exactlyOnce
    try bench.database("UPDATE t SET a = 'z' WHERE id = 10")
    #expect(await bench.run().counts.sent == 1)
    try bench.expectEverythingOnce("")
  }

  @Test func `at least once first asks what the last transaction came to`() async throws {
    let bench = try Self.bench()
    await bench.run()
    try bench.database("UPDATE t SET a = 'y' WHERE id < 4")
    bench.sink.fail(call: 7, .dieAfter)
    #expect(await bench.run().outcome == .failed)
    bench.sink.fail(call: nil)
    bench.sync.delivery = .atLeastOnce
    let report = await bench.run()
    #expect(report.outcome == .done && report.counts.sent == 0)
    try bench.expectEverythingOnce("")
  }

  @Test func `a topic that carried the offset and is gone is not another run`() async throws {
    let bench = try Self.bench()
    bench.each { $0.topic = Located(.column("a")) }
    bench.sink.addTopic("x")
    bench.sink.addTopic("y")
    await bench.run()
    try bench.database("UPDATE t SET a = 'y'")
    await bench.run()
    #expect(Set(bench.sink.offsets.map(\.topic)) == ["x", "y"])
    bench.sink.removeTopic("y")
    bench.sink.set(offsets: bench.sink.offsets.filter { $0.topic == "x" })
    #expect(await bench.run().outcome == .done)
    try bench.database("UPDATE t SET a = 'x' WHERE id = 1")
    #expect(await bench.run().counts.sent == 1)
    #expect(await bench.run().outcome == .done)
  }

  @Test func `requests that are too large as a whole are halved until they pass`() async throws {
    let bench = try Self.bench()
    bench.sink.answer(.refuseRequestUntilHalved(3))
    let report = await bench.run()
    bench.sink.answer()
    #expect(report.outcome == .done && report.counts.sent == 50)
    try bench.expectEverythingOnce("")
  }
}

extension Bench {
  /// No event twice, and the topic is the table.
  func expectEverythingOnce(_ comment: Comment) throws {
    let ids = sink.messages.compactMap { $0.headers["event-id"] }
    #expect(Set(ids).count == ids.count, comment)
    #expect(try fold() == table(), comment)
  }

  /// After a run at least once: what came again is not a fault of later runs.
  func forgetRepetitions() {
    sink.state.withLock { state in
      var seen: Set<String> = []
      state.messages = state.messages.filter { seen.insert($0.headers["event-id"] ?? "").inserted }
    }
  }
}
