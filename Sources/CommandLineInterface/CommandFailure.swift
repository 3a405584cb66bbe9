import Arguments
import Reports
import Sync
public import Settings

/// Why a command cannot continue, with the code it ends with.
public struct CommandFailure: Error, Sendable {
  /// How the process ends.
  public let code: ExitCode
  /// What kind of error it is; nil when it has been said.
  public let kind: ErrorKind?
  /// What happened, in one sentence; nil when it has been said.
  public let message: String?
  /// Where in the user's files, nil if the message says it or there is no place.
  public let location: SourceLocation?
  /// What to do, nil when the message says it.
  public let hint: String?

  /// Names a failure; without `kind` that of most failures with this code.
  public init(
    _ code: ExitCode,
    _ message: String,
    kind: ErrorKind? = nil,
    at location: SourceLocation? = nil,
    hint: String? = nil
  ) {
    self.code = code
    self.kind = kind ?? code.kind
    self.message = message
    self.location = location
    self.hint = hint
  }

  /// Ends with `code`; what happened has been said.
  public init(reported code: ExitCode) {
    self.code = code
    kind = nil
    message = nil
    location = nil
    hint = nil
  }

  /// Ends as `error` wants it; an error that only the system knows ends with 1.
  init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as ReportedDiagnostic: self.init(reported: error.code)
    case let error as UsageError: self.init(.usage, error.message, hint: error.hint)
    case let error as RunError:
      let code = ExitCode(RunReport.Outcome(error.code))
      self.init(
        code,
        error.message,
        kind: error.kind,
        at: error.location,
        hint: error.hint
      )
    default:
      let error = SyncRun.runError(error)
      self.init(.failed, error.message, kind: error.kind, hint: error.hint)
    }
  }

  /// What a document says of it.
  var error: RunError? {
    message.map { RunError(.failed, $0, kind: kind, at: location, hint: hint) }
  }
}
