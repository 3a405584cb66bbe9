import Settings

/// Reads a sync's keys that do not make messages.
struct SyncOptionReader {
  /// The sync's model, to check its primary key; nil when it is not known.
  let model: ModelSettings?

  /// What the keys say; a default where they say nothing or something wrong.
  struct Options {
    var initialSync = InitialSync.backfill
    var changedWhen = Located(ChangedWhen.anyColumn)
    var onModelChange = ModelChangePolicy.absorb
    var onMove = MovePolicy.ignore
    var nullValues = NullValuePolicy.checked
    var unknownTopic = UnknownTopicPolicy.fail
    var guards = GuardSettings()
    var delivery = DeliveryGuarantee.atLeastOnce
    var stateRequired: Bool?
    var schedule: Located<String>?
    var tags: [String] = []
  }

  func read(_ keys: SyncKeys) -> Options {
    var options = Options()
    readChoices(keys, into: &options)
    if let value = keys["changed_when"].flatMap(changedWhen) { options.changedWhen = value }
    options.guards = GuardReader().read(
      own: keys.own?["guards"],
      defaults: keys.defaults?["guards"]
    )
    if let node = keys["state"] { options.stateRequired = stateRequired(node) }
    options.schedule = keys["schedule"].flatMap(schedule)
    options.tags = keys["tags"].map(tags) ?? []
    return options
  }

  private func readChoices(_ keys: SyncKeys, into options: inout Options) {
    if let value = keys["initial_sync"]?.oneOf(InitialSync.self, "initial_sync") {
      options.initialSync = value
    }
    if let value = keys["on_model_change"]?.oneOf(ModelChangePolicy.self, "on_model_change") {
      options.onModelChange = value
    }
    if let value = keys["on_move"]?.oneOf(MovePolicy.self, "on_move") {
      options.onMove = value
    }
    if let value = keys["null_values"]?.oneOf(NullValuePolicy.self, "null_values") {
      options.nullValues = value
    }
    if let value = keys["unknown_topic"]?.oneOf(UnknownTopicPolicy.self, "unknown_topic") {
      options.unknownTopic = value
    }
    if let value = keys["delivery"]?.oneOf(DeliveryGuarantee.self, "a delivery") {
      options.delivery = value
    }
  }

  private func changedWhen(_ node: YAMLNode) -> Located<ChangedWhen>? {
    guard let map = MappingReader(node, .changedWhen) else { return nil }
    map.exclude("ignore", "only")
    let list = { (node: YAMLNode) in
      node.strings("a list of columns", each: "the name of a column")
    }
    if let only = map["only"] {
      return list(only).map { node.located(ChangedWhen.only($0.map(\.value))) }
    }
    guard let ignore = map["ignore"] else {
      if map.entries.isEmpty { node.error("expected 'ignore' or 'only', found an empty map") }
      return nil
    }
    guard let columns = list(ignore) else { return nil }
    checkPrimaryKey(columns, ignore)
    return node.located(.ignoring(columns.map(\.value)))
  }

  /// A row with another key is another row: there is nothing to ignore.
  private func checkPrimaryKey(_ columns: [Located<String>], _ node: YAMLNode) {
    let keyColumns = Set((model?.primaryKey ?? []).map(\.value))
    guard let column = columns.first(where: { keyColumns.contains($0.value) }) else { return }
    let items = node.items("columns") ?? []
    let item = items.first { $0.location == column.location } ?? node
    item.error("\(column.value.quoted) is in the primary key, which cannot be ignored")
  }

  private func stateRequired(_ node: YAMLNode) -> Bool? {
    MappingReader(node, .stateRequirement)?["required"]?.boolean()
  }

  private func schedule(_ node: YAMLNode) -> Located<String>? {
    guard let text = node.string("a schedule such as \"*/5 * * * *\"") else { return nil }
    if let problem = CronSchedule.problem(text) {
      node.error("not a schedule: \(problem)", hint: "write five fields, such as \"*/5 * * * *\"")
      return nil
    }
    let words = text.split { $0 == " " || $0 == "\t" }
    return node.located(words.joined(separator: " "))
  }

  private func tags(_ node: YAMLNode) -> [String] {
    if case .sequence(let items) = node.content, items.isEmpty { return [] }
    for item in node.items("a list of tags") ?? [] {
      guard case .scalar(let text, _) = item.content, !text.isEmpty else { continue }
      if !ProjectName.isValid(text) {
        item.error("\(text.quoted) is not a tag", hint: ProjectName.rule)
      }
    }
    return (node.strings("a list of tags", each: "a tag") ?? []).map(\.value)
  }
}

extension SyncSettings {
  mutating func apply(_ options: SyncOptionReader.Options, isStateRequired: Bool) {
    initialSync = options.initialSync
    changedWhen = options.changedWhen
    onModelChange = options.onModelChange
    onMove = options.onMove
    nullValues = options.nullValues
    unknownTopic = options.unknownTopic
    guards = options.guards
    delivery = options.delivery
    stateRequired = options.stateRequired ?? isStateRequired
    schedule = options.schedule
    tags = options.tags
  }
}
