import Settings

/// Reads `syncs` and `tags`, which narrow rules and heartbeats to some syncs.
struct AlertNarrowing {
  /// Names of all syncs.
  let syncNames: [String]

  /// The syncs that `map` names.
  func syncs(_ map: MappingReader) -> [String] {
    map["syncs"].flatMap { Self.known("sync", among: syncNames, $0) } ?? []
  }

  /// The tags that `map` names.
  func tags(_ map: MappingReader) -> [String] {
    (map["tags"]?.strings("a list of tags", each: "a tag") ?? []).map(\.value)
  }

  /// The nodes of the tags that the map `node` names.
  static func tagNodes(_ node: YAMLNode) -> [YAMLNode] {
    guard case .mapping(let entries) = node.content,
      let tags = entries.first(where: { $0.key == "tags" })
    else { return [] }
    switch tags.value.content {
    case .sequence(let items): return items
    case .scalar: return [tags.value]
    case .mapping, .unreadable: return []
    }
  }

  /// The names in a list, each of which has to be one of `names`.
  static func known(_ kind: String, among names: [String], _ node: YAMLNode) -> [String]? {
    let found = node.strings("a list of \(kind)s", each: "a name")
    guard case .sequence(let items) = node.content else {
      if let name = found?.first?.value { check(kind, name, among: names, at: node) }
      return found?.map(\.value)
    }
    for item in items {
      guard case .scalar(let name, _) = item.content, !name.isEmpty else { continue }
      check(kind, name, among: names, at: item)
    }
    return found?.map(\.value)
  }

  private static func check(
    _ kind: String,
    _ name: String,
    among names: [String],
    at node: YAMLNode
  ) {
    if !names.contains(name) { ProjectName.unknown(kind, name, at: node, known: names) }
  }
}
