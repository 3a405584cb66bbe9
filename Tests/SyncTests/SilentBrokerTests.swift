import Connections
import Sync
import Reports
import Settings
import TestSupport
import Testing

/// A broker that accepts connections and never answers.
@Suite struct SilentBrokerTests {
  @Test(arguments: [DeliveryGuarantee.atLeastOnce, .exactlyOnce])
  func `a signal ends a run that waits for a silent broker, long before the time is up`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    let silent = try #require(SocketServer { _ in false })
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    bench.sync.delivery = delivery
    let interruption = RunInterruption()
    let sink = try KafkaDestination(
      name: "events",
      settings: DestinationSettings(
        brokers: .addresses(["127.0.0.1:\(silent.port)"]),
        tls: nil,
        connectTimeout: .seconds(86_400)
      ),
      note: { _ in interruption.request() }
    )
    // It is told that it waits; then the signal comes.
    let report = await bench.makeRun(sink: sink, interruption: interruption).execute()
    #expect(report.outcome == .interrupted)
    #expect(report.error?.message.contains("interrupted by a signal") == true)
  }
}
