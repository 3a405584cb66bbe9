import Sync
import Reports
import Settings
import TestSupport
import Testing

@Suite struct WorkloadTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `after any workload and any loss of acknowledgements topic and table agree`(
    seed: UInt64
  ) async throws {
    var random = SeededGenerator(state: seed)
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
    bench.sync.guards[.maxRemoved] = .percent(100)
    for round in 0..<80 {
      try bench.database(Workload.statements(&random))
      bench.sql =
        Bool.random(using: &random) ? "SELECT id, a FROM t" : "SELECT id, a FROM t ORDER BY a"
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bench.sink.answer(.lose)
      case 1: bench.sink.answer(.loseAcknowledgement)
      default: break
      }
      let report = await bench.run()
      bench.sink.answer()
      if report.outcome != .done { #expect(await bench.run().outcome == .done) }
      #expect(try bench.fold() == bench.table(), "seed \(seed), round \(round)")
    }
    let before = bench.sink.messages.count
    #expect(await bench.run().outcome == .done)
    #expect(bench.sink.messages.count == before)
    expectStableEventIDs(bench)
  }

  /// An event id stands for one change of one row, however often it is sent.
  private func expectStableEventIDs(_ bench: Bench) {
    var seen: [String: RecordingSink.Message] = [:]
    for message in bench.sink.messages {
      let id = message.headers["event-id"] ?? ""
      let first = seen[id] ?? message
      #expect(first.key == message.key && first.value == message.value)
      #expect(first.headers["change"] == message.headers["change"])
      seen[id] = first
    }
  }
}

/// Random changes of the table `t`.
enum Workload {
  static func statements(_ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0..<30, using: &random)).map { _ in
      let id = Int.random(in: 1...120, using: &random)
      let value = Int.random(in: 0..<3, using: &random)
      return Int.random(in: 0..<4, using: &random) == 0
        ? "DELETE FROM t WHERE id = \(id);"
        : "INSERT INTO t VALUES (\(id), 'v\(value)') ON CONFLICT (id) DO UPDATE SET a = 'v\(value)';"
    }.joined()
  }
}
