import Settings
import Spelling

/// A map whose keys are known: unknown ones are reported when it is made.
struct MappingReader {
  let node: YAMLNode
  let entries: [YAMLEntry]
  private let table: KeyTable
  /// Keys that an unknown one was probably meant to be: they are not missing as well.
  private var suggested: Set<String> = []

  /// Reads `node` as a map; nil after reporting that it is none.
  ///
  /// `table` has the keys that it may have.
  init?(_ node: YAMLNode, _ table: KeyTable) {
    guard let entries = node.entries(table.subject) else { return nil }
    self.node = node
    self.entries = entries
    self.table = table
    let keys = table.names
    let unknown = entries.lazy.filter { !keys.contains($0.key) }
    for entry in unknown.prefix(DiagnosticReport.countMax + 1) {
      let suggestion = Spelling.nearest(to: entry.key, among: keys)
      let question = Spelling.question(suggestion)
      if let suggestion { suggested.insert(suggestion) }
      let list = table.list ?? keys.joined(separator: ", ")
      let hint = suggestion == nil ? "\(table.subject) has \(list)" : nil
      entry.error("unknown key \(entry.key.quoted)\(question)", hint: hint, kind: .unknownKey)
    }
  }

  /// The entry under `key`.
  func entry(_ key: String) -> YAMLEntry? {
    assert(table.has(key), "\(table.subject) has no key \(key)")
    return entries.first { $0.key == key }
  }

  /// The value under `key`.
  subscript(_ key: String) -> YAMLNode? { entry(key)?.value }

  /// The value under `key`, whose absence is reported.
  func required(_ key: String, hint: String? = nil) -> YAMLNode? {
    if let node = self[key] { return node }
    if suggested.contains(key) { return nil }
    let message = "the key '\(key)' is missing"
    // The first key may be of another file than the map.
    if let first = entries.first {
      first.error(message, hint: hint, kind: .missingKey)
    } else {
      node.error(message, hint: hint, kind: .missingKey)
    }
    return nil
  }

  /// Reports that of two keys only one may be there.
  func exclude(_ first: String, _ second: String, hint: String? = nil) {
    guard let kept = entry(first), let entry = entry(second) else { return }
    let related = [Diagnostic.Related(location: kept.keyLocation, message: "'\(first)' is here")]
    entry.error(
      "'\(first)' and '\(second)' exclude each other",
      hint: hint,
      related: related,
      kind: .contradiction
    )
  }
}

extension YAMLNode {
  /// The entries of a map; nil after reporting that it is none.
  func entries(_ subject: String) -> [YAMLEntry]? {
    switch content {
    case .mapping(let entries): return entries
    case .unreadable: return nil
    default:
      error("expected \(subject) as a map of keys, found \(described)")
      return nil
    }
  }
}
