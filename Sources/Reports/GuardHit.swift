public import Settings
public import Values

/// A guard that stopped a run, and what it found.
public struct GuardHit: Sendable, Hashable {
  /// The guard.
  public var name: Guard
  /// What it found, without examples.
  public var finding: String
  /// The rows that it counted.
  public var rows: Int
  /// The bound in rows: more of them stop the run, of `min_rows` fewer.
  public var bound: Int
  /// The bound as the sync sets it, nil for the default.
  public var setting: String?
  /// Primary keys of the first rows; of `unstable_key` pairs of an old and a new one.
  public var examples: [String]

  /// Describes what a guard found.
  public init(
    _ name: Guard,
    _ finding: String,
    rows: Int,
    bound: Int,
    setting: String?,
    examples: [String] = []
  ) {
    self.name = name
    self.finding = finding
    self.rows = rows
    self.bound = bound
    self.setting = setting
    self.examples = examples
  }

  /// What it found, with the examples.
  public var text: String {
    if examples.isEmpty { return finding }
    let rest = examples.count < rows ? ", …" : ""
    return "\(finding) (\(examples.joined(separator: ", "))\(rest))"
  }

  /// The entry of a list `guards`.
  public var json: Value {
    .object([
      ("guard", .string(name.rawValue)), ("rows", .integer(rows)), ("bound", .integer(bound)),
      ("setting", .optional(setting)), ("examples", .array(examples.map(Value.string))),
    ])
  }
}
