internal import Rows
internal import Settings

/// Tells whether what makes messages is still what the last run used.
enum SettingsHash {
  /// A hash of topics, keys, partitions, headers, bodies and partials, whatever file and line they stand in.
  static func text(of sync: SyncSettings) -> String {
    var text = Change.allCases.map { describe(sync[$0]) }.joined(separator: "\u{0}")
    for (name, partial) in sync.templates.partials.sorted(by: { $0.key < $1.key }) {
      text += "\u{0}\(name)\u{1}\(partial)"
    }
    let hash = text.withUTF8 { Hashing.hash128(UnsafeRawBufferPointer($0), seed: 0) }
    return "\(hash.high) \(hash.low)"
  }

  private static func describe(_ settings: MessageSettings) -> String {
    var parts = ["\(settings.topic.value)", "\(settings.systemHeaders)", describe(settings.body)]
    parts.append(settings.key.map { "\($0.value)" } ?? "")
    parts.append(settings.partition.map { "\($0.value)" } ?? "")
    parts += settings.headers.map { "\($0.name): \($0.value.value)" }
    return parts.joined(separator: "\u{1}")
  }

  private static func describe(_ body: BodyForm) -> String {
    switch body {
    case .allColumns: "all"
    case .tombstone: "tombstone"
    case .columns(let names): "columns \(names.map(\.value))"
    case .object(let members): "object " + members.map(describe).joined(separator: "\u{2}")
    case .column(let name): "column \(name.value)"
    case .template(let text): "template \(text.value)"
    case .templateFile(let text, _): "template \(text)"
    case .jmespath(let text): "jmespath \(text.value)"
    }
  }

  private static func describe(_ member: NamedMember) -> String {
    switch member.form {
    case .value(let value): "\(member.name)=\(value.value)"
    case .object(let nested):
      "\(member.name)={" + nested.map(describe).joined(separator: "\u{2}") + "}"
    }
  }
}
