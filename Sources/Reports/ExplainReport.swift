public import Settings
public import Values

/// What is known of kinds of errors.
public struct ExplainReport: CommandReport {
  /// The kinds, by area.
  public var areas: [ErrorKind.Area]

  /// Reports kinds.
  public init(_ areas: [ErrorKind.Area]) {
    self.areas = areas
  }

  /// Without a kind.
  public init() {
    self.init([])
  }

  /// The members of the document.
  public var members: [(String, Value)] {
    let kinds = areas.flatMap { area in area.kinds.map { $0.json(area: area.name) } }
    return [("errors", .array(kinds))]
  }
}

extension ErrorKind {
  fileprivate func json(area: String) -> Value {
    .object([
      ("code", .string(code)), ("area", .string(area)), ("title", .string(title)),
      ("meaning", .string(meaning)), ("cause", .string(cause)), ("advice", .string(advice)),
    ])
  }
}
