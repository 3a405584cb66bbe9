public import Values

/// What `check` found; what it says of files is in the document's `diagnostics`.
public struct CheckReport: CommandReport {
  /// Whether nothing is wrong; nil if the project could not be looked for.
  public var isOK: Bool?
  /// Names of the syncs that can be used.
  public var syncs: [String]
  /// What was checked besides the files.
  public var checks: [CheckItem]

  /// Reports what was found.
  public init(isOK: Bool?, syncs: [String], checks: [CheckItem]) {
    self.isOK = isOK
    self.syncs = syncs
    self.checks = checks
  }

  /// Nothing was checked.
  public init() {
    self.init(isOK: nil, syncs: [], checks: [])
  }

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("ok", .optional(isOK)),
      ("syncs", .array(syncs.map { .object([("sync", .string($0))]) })),
      ("checks", .array(checks.map(\.json))),
    ]
  }
}
