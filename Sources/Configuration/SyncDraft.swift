import Settings

/// What was read of a sync's file, also where it has errors.
struct SyncDraft {
  let name: String
  let file: String
  /// nil where something in it is wrong.
  let settings: SyncSettings?
  /// The model that it names, nil if it cannot be read.
  let model: String?
  /// The destination that it names, nil if it cannot be read.
  let destination: String?
  /// Its tags; nil if they cannot be read.
  let tags: [String]?
  let templateFiles: Set<String>
  /// Variables that are not set, of those that messages are made with.
  let unset: [String]

  /// What messages are made with.
  private static let rendered: Set<String> = [
    "model", "topic", "key", "partition", "headers", "system_headers", "message", "triggers",
    "partials", "limits",
  ]

  init(
    name: String,
    file: String,
    root: YAMLNode?,
    defaults: MappingReader?,
    settings: SyncSettings?,
    destinations: [String],
    templateFiles: Set<String>
  ) {
    self.name = name
    self.file = file
    self.settings = settings
    self.templateFiles = templateFiles
    let own = root.flatMap(Self.entries)
    let value = { (key: String) in own?.first { $0.key == key }?.value ?? defaults?[key] }
    model = settings?.model.value ?? value("model").flatMap(Self.text)
    destination =
      settings?.destination.value ?? value("destination").flatMap(Self.text)
      ?? (destinations.count == 1 ? destinations.first : nil)
    tags = settings.map { Array($0.tags) } ?? own.flatMap { _ in Self.tags(value("tags")) }
    let all = (own ?? []) + (defaults?.entries ?? [])
    unset = all.filter { Self.rendered.contains($0.key) || settings == nil }
      .flatMap(\.value.allUses).filter { $0.origin == .unset }.map(\.name)
  }

  private static func entries(_ node: YAMLNode) -> [YAMLEntry]? {
    if case .mapping(let entries) = node.content { return entries }
    return nil
  }

  private static func text(_ node: YAMLNode) -> String? {
    if case .scalar(let text, _) = node.content { return text }
    return nil
  }

  private static func tags(_ node: YAMLNode?) -> [String]? {
    guard let node else { return [] }
    switch node.content {
    case .scalar(let text, _): return [text]
    case .sequence(let items):
      let texts = items.compactMap(text)
      return texts.count == items.count ? texts : nil
    case .mapping, .unreadable: return nil
    }
  }
}
