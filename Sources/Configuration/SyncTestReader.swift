import Settings
import Spelling

/// Reads `syncs/NAME.test.yml`.
struct SyncTestReader {
  /// Of these keys a case has one.
  static let expectationKeys = ["expect", "rejected", "nothing"]

  /// Columns that identify a row; empty if the model could not be read.
  let primaryKey: [String]

  func read(_ root: YAMLNode, sync: String) -> SyncTests? {
    guard case .sequence(let items) = root.content else {
      return root.expected("a list of cases", hint: "begin each with '- name: …'")
    }
    var cases: [SyncTestCase] = []
    var places: [String: YAMLNode] = [:]
    for item in items {
      guard let test = read(item) else { continue }
      if let first = places[test.name] {
        let related = [Diagnostic.Related(location: first.location, message: "first here")]
        item.error("two cases are named \(test.name.quoted)", related: related)
      }
      places[test.name] = item
      cases.append(test)
    }
    return cases.count == items.count
      ? SyncTests(sync: sync, file: root.source.path, cases: cases) : nil
  }

  private func read(_ node: YAMLNode) -> SyncTestCase? {
    guard let map = MappingReader(node, .testCase) else { return nil }
    let name = map.required("name")?.text("the name of a case")
    let change = map.required("change", hint: "write added, changed or removed")?
      .oneOf(Change.self, "a change")
    let row = map.required("row")?.columns("the row's values by column")
    let previous = previous(map, change)
    let expectation = expectation(map)
    guard let name, let change, let row, let previous, let expectation else { return nil }
    guard checkKey(row, map), checkPrevious(previous, row: row, map: map) else { return nil }
    return SyncTestCase(
      name: name,
      location: node.location,
      change: change,
      row: row,
      previous: previous,
      expectation: expectation
    )
  }

  private func previous(_ map: MappingReader, _ change: Change?) -> [SyncTestCase.Column]? {
    if change == .changed {
      return map.required(
        "previous",
        hint: "name the columns that were different, and their values"
      )?
      .columns("the values before the change by column")
    }
    if change != nil, let entry = map.entry("previous") {
      entry.error("'previous' is for changed rows only")
    }
    return []
  }

  // MARK: - Rows

  private func checkKey(_ row: [SyncTestCase.Column], _ map: MappingReader) -> Bool {
    let missing = primaryKey.filter { name in !row.contains { $0.name == name } }
    guard let first = missing.first else { return true }
    map.entry("row")?.error("the row lacks the column \(first.quoted) of the primary key")
    return false
  }

  private func checkPrevious(
    _ previous: [SyncTestCase.Column],
    row: [SyncTestCase.Column],
    map: MappingReader
  ) -> Bool {
    for column in previous {
      let now = row.first { $0.name == column.name }
      if now == nil {
        map.entry("previous")?.error(
          "\(column.name.quoted) is not a column of 'row'",
          hint: "a row has the same columns before and after its change"
        )
        return false
      }
      if primaryKey.contains(column.name), now?.value != column.value {
        map.entry("previous")?.error(
          "the column \(column.name.quoted) of the primary key differs from that of 'row'",
          hint: "that would be one row removed and another one added"
        )
        return false
      }
    }
    return true
  }

  // MARK: - Expectations

  private func expectation(_ map: MappingReader) -> SyncTestCase.Expectation? {
    for (index, first) in Self.expectationKeys.enumerated() {
      for second in Self.expectationKeys.dropFirst(index + 1) {
        map.exclude(first, second)
      }
    }
    if let node = map["rejected"] {
      return node.string("a part of the reason").map(SyncTestCase.Expectation.rejected)
    }
    if let node = map["nothing"] {
      guard let isNothing = node.boolean() else { return nil }
      if isNothing { return .nothing }
      node.error("expected true, found false", hint: "leave it out, or write 'expect'")
      return nil
    }
    guard let node = map["expect"] else { return SyncTestCase.Expectation.none }
    return message(node).map(SyncTestCase.Expectation.message)
  }

  private func message(_ node: YAMLNode) -> ExpectedMessage? {
    guard let entries = node.entries("an expected message") else { return nil }
    if let entry = entries.first(where: { ["rejected", "nothing"].contains($0.key) }) {
      entry.error("'\(entry.key)' stands beside 'change' and 'row', instead of 'expect'")
      return nil
    }
    guard let map = MappingReader(node, .expectation)
    else { return nil }
    if entries.isEmpty {
      node.error("expected what is to be compared", hint: "name one of topic, key, message …")
      return nil
    }
    var message = ExpectedMessage()
    if let node = map["topic"] { message.topic = node.text("the name of a topic") }
    if let node = map["key"] { message.key = node.optionalText("a key, or null for none") }
    if let node = map["partition"] { message.partition = node.optionalPartition() }
    if let node = map["headers"] { message.headers = headers(node) }
    if let node = map["message"] { message.message = node.optionalJSON() }
    return message
  }

  private func headers(_ node: YAMLNode) -> [ExpectedMessage.Header] {
    (node.entries("headers by name") ?? []).compactMap { entry in
      entry.value.optionalText("the text of a header, or null for none").map {
        ExpectedMessage.Header(name: entry.key, value: $0)
      }
    }
  }
}

extension YAMLNode {
  /// Values by column; nil after reporting what is wrong.
  fileprivate func columns(_ what: String) -> [SyncTestCase.Column]? {
    guard let entries = entries(what) else { return nil }
    let columns = entries.compactMap { entry in
      LiteralReader().read(entry.value).map { SyncTestCase.Column(name: entry.key, value: $0) }
    }
    return columns.count == entries.count ? columns : nil
  }

  private var isNull: Bool {
    guard case .scalar(let text, let isPlain) = content else { return false }
    return ScalarKind(text, isPlain: isPlain) == .null
  }

  /// The text of a scalar, the inner nil for null.
  fileprivate func optionalText(_ what: String) -> String?? {
    isNull ? .some(nil) : text(what).map(Optional.some)
  }

  fileprivate func optionalPartition() -> Int?? {
    isNull
      ? .some(nil)
      : integer("a partition", in: 0...Int(Int32.max)).map(Optional.some)
  }

  /// The JSON text of a value, the inner nil for null.
  fileprivate func optionalJSON() -> String?? {
    isNull ? .some(nil) : LiteralReader().json(self).map(Optional.some)
  }
}
