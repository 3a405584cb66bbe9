/// A variable that a file of the project refers to, and where its value came from.
public struct VariableUse: Sendable, Hashable {
  /// Where a value came from.
  public enum Origin: Sendable, Hashable {
    /// The process's environment.
    case environment
    /// This file of the project: `.env`, or `.env.NAME` of an environment.
    case environmentFile(String)
    /// What the reference itself says.
    case fallback
    /// The file of a `${file:…}`.
    case file
    /// The credential of a `${credential:…}`, which systemd passes; none of them outside of a unit.
    case credential(isPassed: Bool)
    /// The output of a `${command:…}`; commands that connect to nothing do not run it.
    case command(hasRun: Bool)
    /// Nowhere: it is not set.
    case unset
  }

  /// The variable's name; of a file its path, of a command its program.
  public let name: String
  /// Where its value came from.
  public let origin: Origin
  /// The file that sets it to another value than the process's environment, which won; nil if
  /// no file does.
  public let contradiction: String?

  /// Describes the use of a variable.
  public init(_ name: String, _ origin: Origin, contradictedBy contradiction: String? = nil) {
    self.name = name
    self.origin = origin
    self.contradiction = contradiction
  }

  /// Whether it gives no value, so that what depends on it cannot be checked.
  public var givesNothing: Bool {
    [.unset, .credential(isPassed: false), .command(hasRun: false)].contains(origin)
  }

  /// Name and origin in words, as in `DATABASE_URL from the environment; .env has another`.
  public var sentence: String {
    switch origin {
    case .environment:
      "\(name) from the environment" + (contradiction.map { "; \($0) has another" } ?? "")
    case .environmentFile(let file): "\(name) from \(file)"
    case .fallback: "\(name) not set, its default"
    case .file: "from the file \(name)"
    case .credential(let isPassed):
      isPassed ? "from the credential \(name)" : "\(name) not set"
    case .command(let hasRun): "from the command \(name)" + (hasRun ? "" : ", not run")
    case .unset: "\(name) not set"
    }
  }
}
