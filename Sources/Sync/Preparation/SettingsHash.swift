internal import Reports
internal import Rows
internal import Settings
internal import Values

/// Tells whether what makes messages is still what the last run used.
enum SettingsHash {
  /// A hash of topics, keys, partitions, headers, bodies and partials, whatever file and line they stand in.
  static func text(of sync: SyncSettings) -> String {
    var text = Change.allCases.map { Value(sync[$0]).jsonText }.joined(separator: "\u{0}")
    for (name, partial) in sync.templates.partials.sorted(by: { $0.key < $1.key }) {
      text += "\u{0}\(name)\u{1}\(partial)"
    }
    let hash = text.withUTF8 { Hashing.hash128(UnsafeRawBufferPointer($0), seed: 0) }
    return "\(hash.high) \(hash.low)"
  }
}
