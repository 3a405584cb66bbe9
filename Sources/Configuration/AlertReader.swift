import Settings

/// Reads `alerts:`.
struct AlertReader {
  let directory: String
  /// Names of all syncs, also of those that cannot be used.
  let syncNames: [String]

  /// What the section says, and the tags that rules name, which are checked when syncs are read.
  func read(_ node: YAMLNode) -> (settings: AlertSettings, tags: [YAMLNode]) {
    var settings = AlertSettings()
    guard let map = MappingReader(node, .alerts) else {
      return (settings, [])
    }
    var names: [String] = []
    if let node = map["channels"] { (settings.channels, names) = channels(node) }
    var tags: [YAMLNode] = []
    if let node = map["rules"] {
      let reader = AlertRuleReader(channelNames: names, syncNames: syncNames)
      guard case .sequence(let items) = node.content else {
        return (settings, node.expected("a list of rules") ?? [])
      }
      for item in items {
        if let rule = reader.read(item) { settings.rules.append(rule) }
        tags += AlertNarrowing.tagNodes(item)
      }
    }
    if let node = map["heartbeat"] {
      let (heartbeats, named) = self.heartbeats(node)
      settings.heartbeats = heartbeats
      tags += named
    }
    return (settings, tags)
  }

  private func heartbeats(_ node: YAMLNode) -> ([HeartbeatSettings], [YAMLNode]) {
    var nodes = [node]
    if case .sequence(let items) = node.content { nodes = items }
    let narrowing = AlertNarrowing(syncNames: syncNames)
    let heartbeats = nodes.compactMap { node -> HeartbeatSettings? in
      guard let map = MappingReader(node, .heartbeat) else { return nil }
      let (syncs, tags) = (narrowing.syncs(map), narrowing.tags(map))
      return map.required("url").flatMap { SecretURL.read($0) }
        .map { HeartbeatSettings($0, syncs: syncs, tags: tags) }
    }
    return (heartbeats, nodes.flatMap(AlertNarrowing.tagNodes))
  }

  private func channels(_ node: YAMLNode) -> ([AlertChannel], [String]) {
    let entries = node.entries("channels by name") ?? []
    let reader = AlertChannelReader(directory: directory)
    let channels = entries.compactMap { entry -> AlertChannel? in
      if !ProjectName.isValid(entry.key) {
        entry.error("\(entry.key.quoted) is not a name of a channel", hint: ProjectName.rule)
      }
      return reader.read(entry.value, name: entry.key)
    }
    return (channels, entries.map(\.key))
  }
}
