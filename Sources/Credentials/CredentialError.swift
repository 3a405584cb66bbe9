/// Why no credentials can be had.
public struct CredentialError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// A setting is missing or cannot be used.
    case setting
    /// No token or no keys can be had.
    case token
    /// No answer within the time allowed.
    case timedOut
  }

  /// What went wrong.
  public var code: Code
  /// What happened, for humans; never holds a secret.
  public var message: String
  /// The address that was asked; empty if none was.
  public var context: String
  /// What to do about it.
  public var hint: String?

  /// Describes a failure.
  public init(_ code: Code, _ message: String, context: String = "", hint: String? = nil) {
    self.code = code
    self.message = message
    self.context = context
    self.hint = hint
  }

  /// Context and message in one line.
  public var description: String { context.isEmpty ? message : "\(context): \(message)" }
}
