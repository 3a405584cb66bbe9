import Reports
import Values

/// Writes values as YAML that people read: blocks, every text in quotes.
enum ManifestText {
  /// The document of `value`, with a line break at its end.
  static func text(_ value: Value) -> String {
    lines(of: value).map { $0 + "\n" }.joined()
  }

  /// The lines of a value that stands alone.
  private static func lines(of value: Value) -> [String] {
    switch value {
    case .object(let object) where !object.isEmpty:
      return zip(object.keys, object.values).flatMap { entry(key: $0, value: $1) }
    case .array(let items) where !items.isEmpty:
      return items.flatMap { item in
        let lines = lines(of: item)
        return zip(lines.indices, lines).map { $0 == 0 ? "- \($1)" : "  \($1)" }
      }
    // JSON is YAML.
    default: return [value.jsonText]
    }
  }

  /// The lines of a key, which is a plain word, and what stands under it.
  private static func entry(key: String, value: Value) -> [String] {
    switch value {
    case .object(let object) where !object.isEmpty:
      return ["\(key):"] + lines(of: value).map { "  \($0)" }
    case .array(let items) where !items.isEmpty:
      return ["\(key):"] + lines(of: value).map { "  \($0)" }
    default: return ["\(key): \(value.jsonText)"]
    }
  }
}
