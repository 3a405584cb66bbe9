import JSON
import Settings
import Values

/// Puts expectations into the text of a file with unit tests and leaves the rest of it alone.
struct ExpectationWriter {
  let source: SourceText
  let root: YAMLNode
  /// What the file's lines end with.
  private let lineEnd: String

  private struct Edit {
    var range: Range<Int>
    var text: String
  }

  init(_ source: SourceText, _ root: YAMLNode) {
    self.source = source
    self.root = root
    let end = source.scalars.firstIndex(of: "\n")
    lineEnd = end.map { $0 > 0 && source.scalars[$0 - 1] == "\r" } == true ? "\r\n" : "\n"
  }

  /// The file with these expectations, by the names of cases.
  func text(with expectations: [String: SyncTestCase.Expectation]) -> String {
    guard case .sequence(let items) = root.content else { return "" }
    var scalars = source.scalars
    let edits = items.compactMap { item -> Edit? in
      guard case .mapping(let entries) = item.content,
        case .scalar(let name, _)? = entries.first(where: { $0.key == "name" })?.value.content,
        let expectation = expectations[name].flatMap(Self.value)
      else { return nil }
      return edit(item, entries: entries, expectation: expectation)
    }
    for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      scalars.replaceSubrange(edit.range, with: edit.text.unicodeScalars)
    }
    return String(String.UnicodeScalarView(scalars))
  }

  /// The key of a case and its value.
  private static func value(
    _ expectation: SyncTestCase.Expectation
  ) -> (key: String, value: Value)? {
    switch expectation {
    case .none: nil
    case .nothing: ("nothing", .bool(true))
    case .rejected(let reason): ("rejected", .string(reason))
    case .message(let message): ("expect", .object(members(of: message)))
    }
  }

  private static func members(of message: ExpectedMessage) -> Object {
    func text(_ text: String?) -> Value { text.map(Value.string) ?? .null }
    var members: [(String, Value)] = []
    if let topic = message.topic { members.append(("topic", .string(topic))) }
    if let key = message.key { members.append(("key", text(key))) }
    if let partition = message.partition {
      members.append(("partition", partition.map(Value.integer) ?? .null))
    }
    if !message.headers.isEmpty {
      let headers = Object(message.headers.map { ($0.name, text($0.value)) })
      members.append(("headers", .object(headers)))
    }
    if let body = message.message {
      members.append(("message", body.flatMap { try? JSONParser().parse($0) } ?? .null))
    }
    return Object(members)
  }

  // MARK: - Places

  private func edit(
    _ item: YAMLNode,
    entries: [YAMLEntry],
    expectation: (key: String, value: Value)
  ) -> Edit? {
    let old = entries.first { SyncTestReader.expectationKeys.contains($0.key) }
    if isFlow(item) {
      let text = "\(expectation.key): \(YAMLText.flow(expectation.value))"
      if let old {
        return Edit(range: old.keyRange.lowerBound..<end(of: old), text: text)
      }
      let brace = item.range.upperBound - 1
      return Edit(range: brace..<brace, text: separator(before: brace) + text)
    }
    guard let first = entries.first, let last = entries.last else { return nil }
    let indent = String(repeating: " ", count: first.keyLocation.column - 1)
    let lines = YAMLText.lines(expectation.key, expectation.value)
    let text = lines.joined(separator: lineEnd + indent)
    if let old { return Edit(range: old.keyRange.lowerBound..<end(of: old), text: text) }
    let place = lineEnd(after: end(of: last))
    return Edit(range: place..<place, text: lineEnd + indent + text)
  }

  private func isFlow(_ node: YAMLNode) -> Bool {
    guard source.scalars.indices.contains(node.range.lowerBound) else { return false }
    let first = source.scalars[node.range.lowerBound]
    return first == "{" || first == "["
  }

  /// What stands between the last member of a map in braces and the next one.
  private func separator(before brace: Int) -> String {
    let last = source.scalars[..<brace].last { !$0.properties.isWhitespace }
    return last == "," || last == "{" ? " " : ", "
  }

  /// Where an entry ends; libyaml lets collections end where the next thing begins.
  private func end(of entry: YAMLEntry) -> Int {
    let key = entry.keyRange.upperBound
    // An alias stands for something that was written before.
    if entry.value.range.lowerBound < key { return lineEnd(after: key) }
    return max(end(of: entry.value), key)
  }

  private func end(of node: YAMLNode) -> Int {
    switch node.content {
    case .sequence(let items) where !isFlow(node):
      return items.map(end).max() ?? node.range.upperBound
    case .mapping(let entries) where !isFlow(node):
      return entries.map(end).max() ?? node.range.upperBound
    default:
      var end = min(node.range.upperBound, source.scalars.count)
      while end > node.range.lowerBound, source.scalars[end - 1].properties.isWhitespace {
        end -= 1
      }
      return end
    }
  }

  private func lineEnd(after index: Int) -> Int {
    var end = index
    while end < source.scalars.count, !["\n", "\r"].contains(source.scalars[end]) { end += 1 }
    return end
  }
}
