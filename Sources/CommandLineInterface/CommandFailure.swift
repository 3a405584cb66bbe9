/// Why a command cannot go on, with the code it ends with.
public struct CommandFailure: Error, Sendable {
  /// How the process ends.
  public let code: ExitCode
  /// What happened, in one sentence; nil when it has been said.
  public let message: String?
  /// What to do, nil when the message says it.
  public let hint: String?

  /// Names a failure.
  public init(_ code: ExitCode, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// Ends with `code`; what happened has been said.
  public init(reported code: ExitCode) {
    self.code = code
    message = nil
    hint = nil
  }
}
