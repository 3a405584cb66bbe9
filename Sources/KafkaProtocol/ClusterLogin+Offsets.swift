import Blocking
import Glibc
import Settings

/// How a question about a group ended.
public enum GroupAnswer: Sendable, Hashable {
  /// Every offset that Kafka holds for it; none when it has forgotten the group.
  case offsets([CommittedOffset])
  /// The broker's error code for a refusal that does not pass, or had not passed in time.
  case refused(Int16)
}

extension ClusterLogin {
  /// Errors that pass: a coordinator loads, is not there yet, has moved; offsets are not settled.
  private static let passing: Set<Int16> = [7, 13, 14, 15, 16, 88]
  private static let pause: Int32 = 100

  /// Asks the coordinator of `group` for all its offsets, without librdkafka.
  ///
  /// With `onlySettled` an open transaction with one of them is waited for; else those count that were
  /// committed last.
  /// (librdkafka 2.0.2 crashes when the coordinator stays unavailable for some tenths of a second, as
  /// after a broker's restart or in a new cluster.) What passes is asked again until `timeout`, or
  /// until `isInterrupted`. Blocks the calling thread.
  /// Throws if no coordinator answers in time, or the group may not be read.
  public func offsets(
    of group: String,
    onlySettled: Bool = true,
    timeout: Duration,
    isInterrupted: () -> Bool = { false }
  ) throws(LoginError) -> GroupAnswer {
    try repeating(timeout, isInterrupted: isInterrupted) { broker, deadline throws(LoginError) in
      try ask(broker, of: group, onlySettled: onlySettled, before: deadline)
    }
  }

  /// Waits until `group` has a coordinator, in the same way; gives `offsets([])` when it has.
  ///
  /// Throws if none answers in time.
  public func awaitCoordinator(
    of group: String,
    timeout: Duration,
    isInterrupted: () -> Bool = { false }
  ) throws(LoginError) -> GroupAnswer {
    try repeating(timeout, isInterrupted: isInterrupted) { broker, deadline throws(LoginError) in
      let session = try connect(toBroker: broker, before: deadline)
      switch try session.findCoordinator(of: group, before: deadline) {
      case .refused(let code): return .refused(code)
      case .value: return .offsets([])
      }
    }
  }

  private func repeating(
    _ timeout: Duration,
    isInterrupted: () -> Bool,
    ask: (_ broker: String, Deadline) throws(LoginError) -> GroupAnswer
  ) throws(LoginError) -> GroupAnswer {
    let end = Deadline(after: timeout)
    var number = 0
    while true {
      let broker = settings.brokers.isEmpty ? "" : settings.brokers[number % settings.brokers.count]
      number += 1
      do throws(LoginError) {
        let answer = try ask(broker, end.earlier(attempt))
        guard case .refused(let code) = answer, Self.passing.contains(code) else { return answer }
        if end.isPast || isInterrupted() { return answer }
      } catch {
        if !error.isRetriable || end.isPast || isInterrupted() { throw error }
      }
      poll(nil, 0, min(end.milliseconds(), Self.pause))
    }
  }

  private var attempt: Deadline { Deadline(after: settings.connectTimeout) }

  private func ask(
    _ broker: String,
    of group: String,
    onlySettled: Bool,
    before deadline: Deadline
  ) throws(LoginError) -> GroupAnswer {
    let session = try connect(toBroker: broker, before: deadline)
    switch try session.findCoordinator(of: group, before: deadline) {
    case .refused(let code): return .refused(code)
    case .value(let coordinator):
      let there =
        coordinator == broker ? session : try connect(toBroker: coordinator, before: deadline)
      switch try there.fetchOffsets(of: group, onlySettled: onlySettled, before: deadline) {
      case .refused(let code): return .refused(code)
      case .value(let offsets): return .offsets(offsets)
      }
    }
  }

  func connect(
    toBroker name: String,
    before deadline: Deadline
  ) throws(LoginError) -> BrokerSession {
    let endpoint = Endpoint(name)
    let addresses = try Address.resolve(endpoint.host, port: endpoint.port, before: deadline)
    return try connect(to: addresses, host: endpoint.host, name: name, before: deadline)
  }
}
