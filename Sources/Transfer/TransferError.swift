/// Why an HTTP exchange did not take place.
public struct TransferError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: String, Hashable, Sendable {
    /// The URL cannot be used.
    case url
    /// Name resolution or TCP failed.
    case unreachable
    /// TLS failed or the certificate was refused.
    case tls
    /// No complete answer in time.
    case timedOut
    /// The answer is larger than allowed.
    case tooLarge
    /// Anything else that libcurl reports.
    case other
  }

  /// The kind of failure.
  public var code: Code
  /// What libcurl said; never holds header values or bodies.
  public var message: String
  /// Scheme, host and path of the URL, without user, password and query.
  public var context: String
  /// Whether the same exchange may succeed later.
  public var isRetriable: Bool { code == .unreachable || code == .timedOut }
  /// Context and message in one line.
  public var description: String { "\(context): \(message)" }
}
