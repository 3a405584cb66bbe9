import Blocking

/// The last failure, to explain what librdkafka only sees as a closed connection.
final class FailureNote: Sendable {
  private let monitor = Monitor()
  // Unsafe for the compiler only: every access holds `monitor`.
  nonisolated(unsafe) private var failure: LoginError?

  var last: LoginError? { monitor.withLock { failure } }

  func set(_ failure: LoginError?) {
    monitor.withLock { self.failure = failure }
  }
}
