import Engine
import Kafka
import Settings
import Snapshot
import Synchronization
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
    let state = try StateFile(path: bench.statePath, mode: .report)
    let mark = try await state.transactionMark()
    #expect(mark.number == 1 && mark.isHeld && mark.anchor == "rows")
    #expect(bench.sink.offsets.map(\.offset) == [1])
    #expect(bench.sink.offsets.map(\.metadata) == [mark.token])
  }

  @Test func `a run without changes renews the offset`() async throws {
    let bench = try Self.bench()
    await bench.run()
    let commits = bench.sink.commits
    #expect(await bench.run().outcome == .done)
    #expect(bench.sink.commits == commits + 1)
    #expect(bench.sink.offsets.map(\.offset) == [1])
  }

  @Test(arguments: [
    .refuse(.broker), .refuse(.abortable), .refuse(.fenced), .refuse(.fatal), .refuse(.timedOut),
    .refuse(.outcomeUnknown), .lose(.outcomeUnknown), .lose(.fenced), .lose(.fatal),
    .lose(.abortable), .refuse(.authorization), .dieBefore, .dieAfter,
  ] as [RecordingSink.Fault])
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
    bench.sync.guards.removedMax = .percent(100)
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

extension Bench {
  /// No event twice, and the topic is the table.
  func expectEverythingOnce(_ comment: Comment) throws {
    let ids = sink.messages.compactMap { $0.headers["event-id"] }
    #expect(Set(ids).count == ids.count, comment)
    #expect(try fold() == table(), comment)
  }

  /// After a run at least once: what came again is no fault of later runs.
  func forgetRepetitions() {
    sink.state.withLock { state in
      var seen: Set<String> = []
      state.messages = state.messages.filter { seen.insert($0.headers["event-id"] ?? "").inserted }
    }
  }
}
