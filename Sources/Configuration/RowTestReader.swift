import Settings

/// Reads `tests:` of a model: a list of rules, each with a name and a severity if the user likes.
struct RowTestReader {
  private static let rules = KeyTable.rowTest.names.filter { !["name", "severity"].contains($0) }

  func read(_ node: YAMLNode) -> [RowTest] {
    (node.items("a list of tests such as {not_null: email}") ?? []).flatMap(tests)
  }

  private func tests(_ node: YAMLNode) -> [RowTest] {
    guard let map = MappingReader(node, .rowTest) else { return [] }
    let name = map["name"].map { $0.string("a name") } ?? nil
    let severity = map["severity"].map { $0.oneOf(RowTest.Severity.self, "a severity") }
    let found = Self.rules.filter { map[$0] != nil }
    guard let rule = found.first, let value = map[rule] else {
      // An unknown key was probably meant to be the rule.
      if map.entries.contains(where: { !KeyTable.rowTest.has($0.key) }) { return [] }
      node.error(
        "a test lacks what it tests",
        hint: "write one of \(Self.rules.joined(separator: ", "))"
      )
      return []
    }
    if found.count > 1 {
      map.exclude(found[0], found[1], hint: "write a test for each")
      return []
    }
    return self.rules(rule, value).map {
      RowTest($0, name: name, severity: (severity ?? nil) ?? .error, location: value.location)
    }
  }

  private func rules(_ name: String, _ value: YAMLNode) -> [RowTest.Rule] {
    switch name {
    case "not_null": ValueReader.column(value).map { [.notNull($0)] } ?? []
    case "unique":
      value.strings("a column or a list of columns", each: "the name of a column")
        .map { [.unique($0.map(\.value))] } ?? []
    case "expression": value.string("a condition of SQL").map { [.expression($0)] } ?? []
    default: acceptedValues(value)
    }
  }

  private func acceptedValues(_ node: YAMLNode) -> [RowTest.Rule] {
    let entries = node.entries("accepted values by column") ?? []
    return entries.compactMap { entry in
      guard let items = entry.value.items("a list of values") else { return nil }
      if items.isEmpty {
        entry.value.error("expected a list of at least one value, found an empty list")
        return nil
      }
      let values = items.compactMap(literal)
      return values.count == items.count
        ? .acceptedValues(column: entry.key, values: values) : nil
    }
  }

  private func literal(_ node: YAMLNode) -> Literal? {
    switch LiteralReader().read(node) {
    case .null:
      return node.expected(
        "a text, a number or a boolean",
        hint: "NULL always passes: {not_null: COLUMN} refuses it"
      )
    case .json: return node.expected("a text, a number or a boolean")
    case let literal?: return literal
    case nil: return nil
    }
  }
}
