public import Arguments
public import Reports

/// One of Sluice's commands.
///
/// What it is called and takes is a value of the command table; what it does is a function. A new
/// command is a file with a type of this protocol and a line in ``CommandLineInterface/commands``.
public protocol SluiceCommand: Sendable {
  /// What it reports: the document of `--output json`.
  associatedtype Report: CommandReport

  /// Its entry in the command table.
  static var command: Command { get }

  /// Does it, and says how the process ends.
  ///
  /// What it throws is reported on standard error: a ``CommandFailure`` with its code, everything
  /// else as code 1.
  static func run(_ context: CommandContext) async throws -> ExitCode
}

extension SluiceCommand {
  /// What it reports if it fails before it finds anything.
  static var emptyReport: any CommandReport { Report() }
}
