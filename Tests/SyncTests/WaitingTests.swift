@testable import Connections
import Foundation
import Kafka
import KafkaProtocol
import Reports
import Settings
import Synchronization
import TestSupport
import Testing

@testable import Sync

/// A clock that a test moves.
private final class TestClock: Sendable {
  private let time: Mutex<ContinuousClock.Instant>
  private let step: Duration

  /// Moves by `step` each time it is read.
  init(step: Duration = .zero) {
    time = Mutex(ContinuousClock.now)
    self.step = step
  }

  var clock: RunClock {
    RunClock {
      self.time.withLock { time in
        time += self.step
        return time
      }
    }
  }

  func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

/// A clock by which every wait is over at once, and so every call takes long.
private let hastyClock = RunClock(now: { ContinuousClock.now }, wait: { _ in })

/// What is said while a cluster keeps a run waiting.
@Suite struct WaitingTests {
  /// Asks a cluster that answers after `silence`, and returns what was said and how it ended.
  private func ask(
    answeringAfter silence: Duration,
    timeout: Duration = .seconds(30),
    code: KafkaError.Code = .unreachable,
    failure: LoginError? = nil
  ) async -> (notes: [String], error: RunError?) {
    let time = TestClock()
    let notes = Mutex<[String]>([])
    let patience = BrokerPatience(name: "events", timeout: timeout, clock: time.clock) { note in
      notes.withLock { $0.append(note) }
    }
    var waited = Duration.zero
    do {
      try await patience.answer { (limit) async throws(KafkaError) -> Void in
        let wait = min(limit, silence - waited)
        time.advance(by: wait)
        waited += wait
        if waited < silence { throw KafkaError(code: code, message: "nobody there") }
      } explain: { _, _ in
        failure
      }
      return (notes.withLock { $0 }, nil)
    } catch {
      return (notes.withLock { $0 }, error as? RunError)
    }
  }

  @Test func `a broker that is down is told after two seconds, once`() async {
    let late = await ask(answeringAfter: .seconds(9))
    #expect(late.error == nil)
    #expect(
      late.notes == [
        "destination events: no answer from the brokers yet; waiting up to 30s (`timeouts.connect`)"
      ]
    )
    let never = await ask(answeringAfter: .seconds(90), code: .timedOut)
    #expect(never.notes.count == 1)
    #expect(never.error?.message.contains("nobody there") == true)
  }

  @Test func `a broker that answers soon is not told of`() async {
    #expect(await ask(answeringAfter: .milliseconds(1900)).notes == [])
    let soon = await ask(answeringAfter: .seconds(5), timeout: .seconds(1))
    #expect(soon.notes == [])
    #expect(soon.error != nil)
  }

  @Test func `a call that takes long is told once, with the setting that ends it`() async throws {
    let notes = Mutex<[String]>([])
    let hasty = BrokerCalls("events", clock: hastyClock) { note in
      notes.withLock { $0.append(note) }
    }
    for _ in 0..<3 {
      let answer = await hasty.watch(.commit, upTo: .seconds(300), setting: .delivery) { 7 }
      #expect(answer == 7)
    }
    await #expect(throws: KafkaError.self) {
      try await hasty.watch(.offsets, upTo: .seconds(60)) { () async throws(KafkaError) in
        throw KafkaError(code: .timedOut, message: "nobody there")
      }
    }
    #expect(
      notes.withLock { $0 } == [
        "destination events: the brokers do not answer yet (asked for the end of a transaction); "
          + "waiting up to 5min (`timeouts.delivery`)",
        "destination events: the brokers do not answer yet (asked for the last transaction that was "
          + "committed); waiting up to 1min",
      ]
    )
    let patient = BrokerCalls("events", clock: .live) { note in notes.withLock { $0 = [note] } }
    notes.withLock { $0 = [] }
    await patient.watch(.commit, upTo: .seconds(300)) {}
    #expect(notes.withLock { $0 } == [])
  }

  @Test(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
  func `every wait of a run that sends exactly once is watched`() async throws {
    let kit = try #require(await KafkaKit.start(["auto.create.topics.enable=true"]))
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)")
    bench.sync.delivery = .exactlyOnce
    let topic = "waits-\(UUID().uuidString)"
    bench.each { $0.topic = Located(.text(topic)) }
    let notes = Mutex<[String]>([])
    let settings = DestinationSettings(
      brokers: .addresses(kit["KAFKA_BOOTSTRAP"].split(separator: ",").map(String.init)),
      tls: nil,
      createTopics: TopicCreation(partitions: 1)
    )
    func run() async throws -> RunReport {
      let sink = try KafkaDestination(name: "events", settings: settings, clock: hastyClock) {
        note in
        notes.withLock { $0.append(note) }
      }
      return await bench.makeRun(sink: sink).execute()
    }
    #expect(try await run().outcome == .done)
    let told = notes.withLock { $0 }
    for call in BrokerCalls.Call.allCases where call != .abort {
      let count = told.count { $0.contains("(asked for \(call.rawValue))") }
      #expect(count == 1, "\(call): \(told)")
    }
    // A run without changes renews its offset.
    notes.withLock { $0 = [] }
    #expect(try await run().counts.sent == 0)
    #expect(notes.withLock { $0.contains { $0.contains(BrokerCalls.Call.commit.rawValue) } })
  }

  @Test(arguments: DeliveryGuarantee.allCases)
  func `acknowledgements that stay away are told once`(delivery: DeliveryGuarantee) async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)")
    bench.sync.delivery = delivery
    let time = TestClock(step: .milliseconds(100))
    bench.sink.state.withLock { $0.silences = 200 }
    var run = bench.makeRun()
    run.clock = time.clock
    #expect(await run.execute().outcome == .done)
    let notes = bench.notes.withLock { $0.filter { $0.contains("acknowledgement") } }
    #expect(notes.count == 1)
    #expect(notes.first?.contains("destination events") == true)
    bench.sink.state.withLock { $0.silences = 3 }
    try bench.database("UPDATE t SET id = id + 10")
    var soon = bench.makeRun(RunOptions(allowedGuards: [.maxRemoved]))
    soon.clock = time.clock
    bench.notes.withLock { $0 = [] }
    #expect(await soon.execute().outcome == .done)
    #expect(bench.notes.withLock { $0.filter { $0.contains("acknowledgement") } } == [])
  }
}
