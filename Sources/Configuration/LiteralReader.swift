import Text
import JSON
import Settings

/// Reads constants out of YAML, as JSON has them.
struct LiteralReader {
  func read(_ node: YAMLNode) -> Literal? {
    switch node.content {
    case .unreadable: return nil
    case .sequence, .mapping: return json(node).map(Literal.json)
    case .scalar(let text, let isPlain):
      switch ScalarKind(text, isPlain: isPlain) {
      case .null: return .null
      case .boolean(let value): return .boolean(value)
      case .integer, .float: return number(text, node).map(Literal.number)
      case .string: return .string(text)
      }
    }
  }

  /// Any value as compact JSON.
  func json(_ node: YAMLNode) -> String? {
    switch node.content {
    case .unreadable: return nil
    case .sequence(let items):
      let texts = items.compactMap(json)
      return texts.count == items.count ? "[\(texts.joined(separator: ","))]" : nil
    case .mapping(let entries):
      let texts = entries.compactMap { entry in
        json(entry.value).map { "\(Self.quoted(entry.key)):\($0)" }
      }
      return texts.count == entries.count ? "{\(texts.joined(separator: ","))}" : nil
    case .scalar(let text, let isPlain):
      switch ScalarKind(text, isPlain: isPlain) {
      case .null: return "null"
      case .boolean(let value): return String(value)
      case .integer, .float: return number(text, node)
      case .string: return Self.quoted(text)
      }
    }
  }

  private func number(_ text: String, _ node: YAMLNode) -> String? {
    if let number = YAMLNumber.json(text) { return number }
    return node.expected("a number that JSON can write", hint: "put it in quotes for a text")
  }

  /// A text as JSON writes it.
  private static func quoted(_ text: String) -> String {
    var buffer = ByteBuffer(capacity: text.utf8.count + 2)
    buffer.append(quoted: text)
    return buffer.text
  }
}
