import Settings

/// Reads `syncs/NAME.yml`, and the project's defaults, which have nearly the same keys.
struct SyncReader {
  /// Names of all models, also of those that could not be read.
  let modelNames: [String]
  let models: [String: ModelSettings]
  let dbt: DbtReader
  let destinationNames: [String]
  /// Names of the destinations that are `embedded`.
  let embeddedNames: Set<String>
  let defaults: MappingReader?
  let isStateRequired: Bool
  let folder: TemplateFolder
  let interpolation: Interpolation

  func read(_ root: YAMLNode, name: String) -> SyncSettings? {
    guard let own = MappingReader(root, .sync) else { return nil }
    let lookup = SyncKeys(own: own, defaults: defaults)
    let model = own.required("model", hint: "write the name of a file in models/, without '.sql'")
      .flatMap(model)
    let destination = destination(lookup, own)
    let templates = templates(lookup)
    let messages = messages(lookup, own: own, reader: MessageReader(templates: templates))
    var settings: SyncSettings?
    if let model, let destination, let messages {
      settings = SyncSettings(
        name: name,
        file: root.source.path,
        model: model,
        destination: destination,
        added: messages.added,
        changed: messages.changed,
        removed: messages.removed,
        removalGrace: messages.removalGrace
      )
    }
    // Read in any case, so that what is wrong with them is said now.
    let options = SyncOptionReader(model: model.flatMap { modelSettings(of: $0.value) }).read(
      lookup
    )
    if options.delivery == .exactlyOnce, let name = destination?.value, embeddedNames.contains(name)
    {
      lookup["delivery"]?.error(
        "the embedded broker of \(name.quoted) cannot deliver 'exactly_once'",
        hint: "write 'at_least_once', or name real brokers",
        kind: .contradiction
      )
    }
    settings?.apply(options, isStateRequired: isStateRequired)
    if let model { settings?.tags.appendNew(dbt.tags[model.value] ?? []) }
    if let settings {
      checkMoves(settings, lookup)
      if let model = self.modelSettings(of: settings.model.value), let messages {
        checkKeys(settings, model: model, nodes: messages.keyNodes)
      }
    }
    let limits = LimitReader().read(lookup["limits"])
    settings?.templates = limits
    settings?.templates.partials = templates.partials.mapValues(\.text)
    settings?.templates.places = templates.places
    return settings
  }

  /// Checks the defaults by themselves: there may be no sync that uses them.
  func checkDefaults() {
    let lookup = SyncKeys(own: nil, defaults: defaults)
    _ = SyncOptionReader(model: nil).read(lookup)
    _ = lookup["destination"].flatMap {
      reference($0, kind: "destination", known: destinationNames)
    }
    _ = LimitReader().read(lookup["limits"])
    let reader = MessageReader(templates: templates(lookup))
    _ = reader.parts { lookup[$0] }
    let triggers = lookup["triggers"].map(TriggerReader().read)
    for map in (triggers?.overrides ?? [:]).values { _ = reader.parts { map[$0] } }
  }

  /// What templates are checked with: the partials of the folder that the sync names.
  private func templates(_ lookup: SyncKeys) -> TemplateReader {
    var reader = TemplateReader(folder: folder, interpolation: interpolation)
    let node = lookup["partials"]
    if node == nil, !folder.hasDefaultPartials { return reader }
    let path = node.map { $0.string("the path of a folder") } ?? TemplateFolder.partialsDefault
    guard let path else { return reader }
    switch folder.partials(in: path) {
    case .success(let partials): reader.partials = partials
    case .failure(let failure):
      let message = "the folder \(path.quoted) cannot be read: \(failure.reason)"
      if let node {
        node.error(message, kind: .unreadableFile)
      } else {
        let location = SourceLocation(file: path, line: 1, column: 1)
        folder.report.add(Diagnostic(at: location, message, kind: .unreadableFile))
      }
    }
    reader.checkPartials()
    return reader
  }

  private func destination(_ lookup: SyncKeys, _ own: MappingReader) -> Located<String>? {
    if let node = lookup["destination"] {
      return reference(node, kind: "destination", known: destinationNames)
    }
    if destinationNames.count == 1 { return destinationNames.first.map { Located($0) } }
    if destinationNames.isEmpty { return nil }
    _ = own.required("destination", hint: "there are \(destinationNames.joined(separator: ", "))")
    return nil
  }

  private func model(_ node: YAMLNode) -> Located<String>? {
    if case .mapping = node.content { return dbt.read(node) }
    return reference(node, kind: "model", known: modelNames)
  }

  private func modelSettings(of model: String) -> ModelSettings? {
    models[model] ?? dbt.models[model]
  }

  private func reference(_ node: YAMLNode, kind: String, known: [String]) -> Located<String>? {
    guard let name = node.string("the name of a \(kind)") else { return nil }
    if known.contains(name) { return node.located(name) }
    ProjectName.unknown(kind, name, at: node, known: known)
    return nil
  }
}

// MARK: - Messages

extension SyncReader {
  private struct Messages {
    let added: MessageSettings
    let changed: MessageSettings
    let removed: MessageSettings
    let removalGrace: RemovalGrace?
    let keyNodes: [Change: YAMLNode]
  }

  private func messages(
    _ lookup: SyncKeys,
    own: MappingReader,
    reader: MessageReader
  ) -> Messages? {
    let triggers = lookup["triggers"].map(TriggerReader().read) ?? TriggerReader.Triggers()
    let base = reader.parts { lookup[$0] }
    var parts: [Change: MessageReader.Parts] = [:]
    for change in Change.allCases {
      let overrides = triggers.overrides[change].map { map in reader.parts { map[$0] } }
      parts[change] = overrides.map(base.overridden) ?? base
    }
    // A trigger that sends nothing needs no topic, but has a place for one.
    let anyTopic = Change.allCases.lazy.compactMap { parts[$0]?.topic }.first
    for change in Change.allCases where !triggers.sends(change) && parts[change]?.topic == nil {
      parts[change]?.topic = anyTopic
    }
    if own["topic"] == nil, needsTopic(triggers) { _ = own.required("topic") }
    checkTombstones(parts, triggers: triggers, own: own)
    remarkOnOrder(parts, triggers: triggers, own: own)
    remarkOnRemovals(parts, triggers: triggers, own: own)
    let settings = { (change: Change) in
      parts[change]?.settings(isSelected: triggers.selected.contains(change))
    }
    guard let added = settings(.added), let changed = settings(.changed),
      let removed = settings(.removed)
    else { return nil }
    return Messages(
      added: added,
      changed: changed,
      removed: removed,
      removalGrace: triggers.removalGrace,
      keyNodes: parts.compactMapValues(\.keyNode)
    )
  }

  /// Refuses the name of a column of the primary key where its value must be meant, and null values
  /// under keys that may be another row's.
  private func checkKeys(
    _ settings: SyncSettings,
    model: ModelSettings,
    nodes: [Change: YAMLNode]
  ) {
    let primaryKey = model.primaryKey.map(\.value)
    var refused: Set<SourceLocation> = []
    for change in Change.allCases {
      guard let node = nodes[change], case .text(let text)? = settings[change].key?.value,
        let column = primaryKey.first(where: { $0.lowercased() == text.lowercased() }),
        refused.insert(node.location).inserted
      else { continue }
      node.error(
        "every message would have the key \(text.quoted): a plain text is not the name of a column, "
          + "and \(column.quoted) is in the primary key",
        hint: "write {column: \(column)} for its value, or {value: \(text)} if the text is meant"
      )
    }
    guard refused.isEmpty, let flaw = settings.nullValueFlaw(primaryKey: primaryKey) else { return }
    // Told as what it is by `checkMoves`.
    if flaw.change != .removed, settings[flaw.change].key?.value == .eventID { return }
    nodes[flaw.change]?.error(flaw.message, hint: flaw.hint, kind: .sharedKey)
  }

  /// A topic may be said by each trigger that sends instead of by the sync.
  private func needsTopic(_ triggers: TriggerReader.Triggers) -> Bool {
    Change.allCases.contains { triggers.sends($0) && triggers.overrides[$0]?["topic"] == nil }
  }

  private func checkTombstones(
    _ parts: [Change: MessageReader.Parts],
    triggers: TriggerReader.Triggers,
    own: MappingReader
  ) {
    for change in Change.allCases where triggers.sends(change) {
      guard let part = parts[change], case .tombstone = part.body, own["key"] == nil,
        triggers.overrides[change]?["key"] == nil
      else { continue }
      part.bodyNode?.error(
        "a tombstone needs a key: Kafka would not know what to remove",
        hint: "add 'key: {primary_key: true}' to the sync",
        kind: .sharedKey
      )
    }
  }

  private func checkMoves(_ settings: SyncSettings, _ lookup: SyncKeys) {
    guard settings.onMove == .tombstone, settings.changed.isSelected else { return }
    switch settings.changed.key?.value {
    case nil:
      lookup["on_move"]?.error(
        "a tombstone needs a key, which the messages of changed rows do not have",
        hint: "add 'key: {primary_key: true}' to the sync, or write 'on_move: ignore'",
        kind: .sharedKey
      )
    case .eventID:
      lookup["on_move"]?.error(
        "with the event id as key no message has a place that a row could leave",
        hint: "use a key made of columns, or write 'on_move: ignore'",
        kind: .sharedKey
      )
    default: break
    }
  }

  private func remarkOnOrder(
    _ parts: [Change: MessageReader.Parts],
    triggers: TriggerReader.Triggers,
    own: MappingReader
  ) {
    let later = [Change.changed, .removed].filter(triggers.selected.contains)
    let isUnordered = later.contains { parts[$0]?.key == nil && parts[$0]?.partition == nil }
    guard isUnordered, own["key"] == nil else { return }
    (own["topic"] ?? own.node).remark(
      .note,
      "no order per row: without a key or partition its messages go to any partition",
      hint: "add 'key: {primary_key: true}'"
    )
  }

  private func remarkOnRemovals(
    _ parts: [Change: MessageReader.Parts],
    triggers: TriggerReader.Triggers,
    own: MappingReader
  ) {
    guard triggers.selected.contains(.removed), triggers.selected.count > 1,
      let removed = parts[.removed]
    else { return }
    if case .tombstone = removed.body { return }
    let isToldApart =
      removed.systemHeaders?.contains(.change) ?? true
      || ["topic", "message", "headers"].contains { triggers.overrides[.removed]?[$0] != nil }
    if isToldApart { return }
    (own["system_headers"] ?? own.node).remark(
      .warning,
      "a consumer cannot tell the message of a removed row from any other",
      hint: "send the header 'change', or write 'removed: {message: tombstone}' under 'triggers'"
    )
  }
}

extension [String] {
  fileprivate mutating func appendNew(_ others: [String]) {
    append(contentsOf: others.filter { !contains($0) })
  }
}
