import Settings

/// Where a sync's keys are looked up: in its own file, then in the project's defaults.
struct SyncKeys {
  let own: MappingReader?
  let defaults: MappingReader?

  subscript(_ key: String) -> YAMLNode? { own?[key] ?? defaults?[key] }
}

/// Reads what makes messages: the sync's own keys, and the overrides of each trigger.
struct MessageReader {
  let templates: TemplateReader

  /// What a sync or a trigger says of its messages; nil if it says nothing.
  struct Parts {
    var topic: Located<ValueForm>?
    var key: Located<ValueForm>?
    var partition: Located<ValueForm>?
    var headers: [HeaderForm] = []
    var systemHeaders: [SystemHeader]?
    var body: BodyForm?
    /// Where the body is written.
    var bodyNode: YAMLNode?
    /// Where the key is written.
    var keyNode: YAMLNode?

    /// These parts with those of a trigger in their place; headers are joined by name.
    func overridden(by other: Parts) -> Parts {
      Parts(
        topic: other.topic ?? topic,
        key: other.key ?? key,
        partition: other.partition ?? partition,
        headers: headers.filter { header in !other.headers.contains { $0.name == header.name } }
          + other.headers,
        systemHeaders: other.systemHeaders ?? systemHeaders,
        body: other.body ?? body,
        bodyNode: other.bodyNode ?? bodyNode,
        keyNode: other.keyNode ?? keyNode
      )
    }

    /// The settings of a trigger; nil without a topic, which has been reported.
    func settings(isSelected: Bool) -> MessageSettings? {
      guard let topic else { return nil }
      return MessageSettings(
        isSelected: isSelected,
        topic: topic,
        key: key,
        partition: partition,
        headers: headers,
        systemHeaders: (systemHeaders ?? [.eventID, .change]).filter { system in
          !headers.contains { $0.name == system.rawValue }
        },
        body: body ?? .allColumns
      )
    }
  }

  func parts(_ lookup: (String) -> YAMLNode?) -> Parts {
    Parts(
      topic: lookup("topic").flatMap { value($0, .topic) },
      key: lookup("key").flatMap { value($0, .key) },
      partition: lookup("partition").flatMap { value($0, .partition) },
      headers: lookup("headers").map(headers) ?? [],
      systemHeaders: lookup("system_headers").flatMap(systemHeaders),
      body: lookup("message").flatMap { BodyReader(templates: templates).read($0) },
      bodyNode: lookup("message"),
      keyNode: lookup("key")
    )
  }

  private func value(_ node: YAMLNode, _ use: ValueReader.Use) -> Located<ValueForm>? {
    ValueReader(use: use, templates: templates).read(node)
  }

  private func headers(_ node: YAMLNode) -> [HeaderForm] {
    (node.entries("headers by name") ?? []).compactMap { entry in
      guard !entry.key.isEmpty else {
        entry.error("a header needs a name")
        return nil
      }
      return value(entry.value, .header).map { HeaderForm(name: entry.key, value: $0) }
    }
  }

  private func systemHeaders(_ node: YAMLNode) -> [SystemHeader]? {
    let names = SystemHeader.allCases.map(\.rawValue)
    switch node.content {
    case .scalar("all", _): return SystemHeader.allCases
    case .scalar("none", _): return []
    case .sequence:
      let chosen = node.choices(SystemHeader.self, "a system header")
      return SystemHeader.allCases.filter(chosen.contains)
    default: return node.expected("'all', 'none' or a list of \(names.listed)")
    }
  }
}

/// Reads `triggers:`.
struct TriggerReader {
  /// Which triggers are selected, and what each overrides.
  struct Triggers {
    var selected: Set<Change> = Set(Change.allCases)
    var overrides: [Change: MappingReader] = [:]
    /// How long a row must be missing before it is removed.
    var removalGrace: RemovalGrace?

    /// Whether messages are made for it: a backfill sends as added, also where it is not selected.
    func sends(_ change: Change) -> Bool { selected.contains(change) || change == .added }
  }

  private static let nothing = "no trigger is selected, so nothing would ever be sent"

  func read(_ node: YAMLNode) -> Triggers {
    var triggers = Triggers(selected: [])
    switch node.content {
    case .mapping(let entries):
      _ = MappingReader(node, .triggerMap)
      if entries.isEmpty { node.error(Self.nothing) }
      for entry in entries {
        guard let change = Change(rawValue: entry.key) else { continue }
        triggers.selected.insert(change)
        triggers.overrides[change] = overrides(entry.value, of: change)
        if change == .removed { triggers.removalGrace = grace(triggers.overrides[change]) }
      }
    case .sequence, .scalar:
      triggers.selected = node.choices(Change.self, "a trigger")
      if case .sequence(let items) = node.content, items.isEmpty { node.error(Self.nothing) }
    case .unreadable: break
    }
    return triggers
  }

  private func grace(_ overrides: MappingReader?) -> RemovalGrace? {
    guard let node = overrides?["after"] else { return nil }
    guard case .scalar(let text, _) = node.content, let grace = RemovalGrace.parse(text) else {
      return node.expected("a number of runs or a duration", hint: "write '2 runs' or 30min")
    }
    return grace
  }

  private func overrides(_ node: YAMLNode, of change: Change) -> MappingReader? {
    // `added:` with nothing behind it selects the trigger as it is.
    if case .scalar(let text, true) = node.content, ScalarKind(text, isPlain: true) == .null {
      return nil
    }
    return MappingReader(node, .trigger(change))
  }
}
