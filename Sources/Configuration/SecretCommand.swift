/// A program that prints a secret, as `${command:PROGRAM ARGUMENT…}` names it.
public struct SecretCommand: Sendable, Hashable {
  /// The program and its arguments.
  public let words: [String]
  /// The folder it runs in, an absolute path.
  public let directory: String
  /// All variables that it sees.
  public let environment: [String: String]

  /// The program, as it is told: arguments are not shown.
  public var program: String { words.first ?? "" }

  /// Why a program gave no secret.
  public struct Failure: Error, Sendable {
    /// What happened, in words that follow the program's name.
    public let message: String
    /// What it wrote to standard error, as it is.
    public let errors: String
    /// What it wrote to standard output, which may hold the secret.
    public let output: String

    /// Describes a failure.
    public init(_ message: String, errors: String = "", output: String = "") {
      self.message = message
      self.errors = errors
      self.output = output
    }
  }

  /// Runs such programs: this room does not.
  public struct Runner: Sendable {
    /// What a program prints.
    public let run: @Sendable (SecretCommand) -> Result<String, Failure>

    /// Wraps a function, which may block.
    public init(run: @escaping @Sendable (SecretCommand) -> Result<String, Failure>) {
      self.run = run
    }
  }
}
