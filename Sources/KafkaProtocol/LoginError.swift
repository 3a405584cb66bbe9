public import Credentials

/// Why the way to a logged-in connection ended, named for the step that failed.
public struct LoginError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public enum Code: String, Hashable, Sendable {
    /// A file, certificate, key or setting cannot be used.
    case setting
    /// The name of the host has no address.
    case nameResolution
    /// No TCP connection: refused, unreachable.
    case connection
    /// No answer within the time allowed.
    case timedOut
    /// The other side does not speak TLS.
    case notTLS
    /// The other side speaks TLS, and it was spoken to in clear.
    case wantsTLS
    /// The certificate was refused: signer, host name, dates.
    case certificate
    /// The broker wants another client certificate, or one at all.
    case clientCertificate
    /// Any other failure of TLS.
    case tls
    /// The listener does not offer the mechanism.
    case mechanism
    /// The broker refuses user, password or token.
    case credentials
    /// The other side proved not to be who it should be.
    case server
    /// No token or no keys can be had.
    case token
    /// What came is not the Kafka protocol.
    case protocolViolation
    /// The connection ended.
    case closed
  }

  /// What went wrong.
  public var code: Code
  /// What happened, for humans; never holds a secret.
  public var message: String
  /// The address, `host:port`; empty if none is concerned.
  public var context: String
  /// What to do about it.
  public var hint: String?
  /// Whether the same attempt may succeed later.
  public var isRetriable: Bool {
    switch code {
    case .nameResolution, .connection, .timedOut, .closed: true
    case .setting, .notTLS, .wantsTLS, .certificate, .clientCertificate, .tls, .mechanism,
      .credentials, .server, .token, .protocolViolation:
      false
    }
  }

  /// Describes a failure.
  public init(_ code: Code, _ message: String, context: String = "", hint: String? = nil) {
    self.code = code
    self.message = message
    self.context = context
    self.hint = hint
  }

  /// Takes over why no credentials can be had.
  public init(_ error: CredentialError) {
    let code: Code =
      switch error.code {
      case .setting: .setting
      case .token: .token
      case .timedOut: .timedOut
      }
    self.init(code, error.message, context: error.context, hint: error.hint)
  }

  /// Context and message in one line.
  public var description: String { context.isEmpty ? message : "\(context): \(message)" }

  /// Does `body`, whose failures become failures of the login.
  static func adopting<Success>(
    _ body: () throws(CredentialError) -> Success
  ) throws(LoginError) -> Success {
    do { return try body() } catch { throw LoginError(error) }
  }

  func at(_ address: String) -> LoginError {
    var error = self
    if error.context.isEmpty { error.context = address }
    return error
  }
}
