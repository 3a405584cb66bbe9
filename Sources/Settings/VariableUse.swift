/// A variable that a file of the project refers to, and where its value came from.
public struct VariableUse: Sendable, Hashable {
  /// Where a value came from.
  public enum Origin: Sendable, Hashable {
    /// The process's environment.
    case environment
    /// The project's `.env`.
    case environmentFile
    /// What the reference itself says.
    case fallback
    /// The file of a `${file:…}`.
    case file
    /// Nowhere: it is not set.
    case unset
  }

  /// The variable's name; of a file its path.
  public let name: String
  /// Where its value came from.
  public let origin: Origin
  /// Whether the environment and `.env` both set it, to different values.
  public let isContradicted: Bool

  /// Describes the use of a variable.
  public init(_ name: String, _ origin: Origin, isContradicted: Bool = false) {
    self.name = name
    self.origin = origin
    self.isContradicted = isContradicted
  }

  /// Name and origin in words, as in `DATABASE_URL from the environment; .env has another`.
  public var sentence: String {
    switch origin {
    case .environment:
      "\(name) from the environment" + (isContradicted ? "; .env has another" : "")
    case .environmentFile: "\(name) from .env"
    case .fallback: "\(name) not set, its default"
    case .file: "from the file \(name)"
    case .unset: "\(name) not set"
    }
  }
}
