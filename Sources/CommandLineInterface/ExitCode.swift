import Settings

/// How the process ends.
public enum ExitCode: Int32, Sendable, Hashable, CaseIterable {
  /// Done.
  case done = 0
  /// Failed.
  case failed = 1
  /// Done, but some rows are invalid or rejected.
  case rejected = 2
  /// Stopped by a guard.
  case stoppedByGuard = 3
  /// There is something to send; only `plan --exit-code` says so.
  case somethingToSend = 4
  /// The command line is wrong.
  case usage = 64
  /// Another run of the sync is in progress.
  case alreadyRunning = 75
  /// The configuration is wrong.
  case configuration = 78
  /// Interrupted by SIGINT.
  case interrupted = 130
  /// Ended by SIGTERM or SIGHUP.
  case terminated = 143

  /// From the gravest to the least.
  private static let byGravity: [ExitCode] = [
    .terminated, .interrupted, .failed, .configuration, .stoppedByGuard, .alreadyRunning,
    .rejected, .usage, .somethingToSend, .done,
  ]

  /// The gravest of several, `done` of none.
  public static func gravest(of codes: some Sequence<ExitCode>) -> ExitCode {
    let codes = Set(codes)
    return byGravity.first(where: codes.contains) ?? .done
  }

  /// The kind of error of a command that ends so and names none.
  var kind: ErrorKind {
    switch self {
    case .usage: .usage
    case .alreadyRunning: .alreadyRunning
    case .configuration: .unknownReference
    case .interrupted, .terminated: .interrupted
    case .done, .failed, .rejected, .stoppedByGuard, .somethingToSend: .system
    }
  }

  /// What it means, in a few words.
  var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "failed"
    case .rejected: "done, but some rows are invalid or rejected"
    case .stoppedByGuard: "stopped by a guard, nothing sent"
    case .somethingToSend: "there is something to send (only plan --exit-code)"
    case .usage: "the command line is wrong"
    case .alreadyRunning: "another run of the sync is under way"
    case .configuration: "the configuration is wrong"
    case .interrupted: "interrupted by SIGINT"
    case .terminated: "ended by SIGTERM or SIGHUP"
    }
  }
}
