import Settings

/// What `sluice.yml` says.
struct ProjectFile {
  var sources: [String: SourceSettings] = [:]
  /// Names of all sources, also of those that could not be read, in the file's order.
  var sourceNames: [String] = []
  var destinations: [String: DestinationSettings] = [:]
  /// Names of all destinations, also of those that could not be read, in the file's order.
  var destinationNames: [String] = []
  var defaults: MappingReader?
  var stateDirectory: String
  /// Where `environments: {required: true}` stands; nil if no environment has to be named.
  var environmentRequirement: YAMLNode?
  var isStateRequired = false
  /// Variables of `.env` that commands for secrets see.
  var commandVariables: [Located<String>] = []
  var historyRuns = 100
  var historyMessages = 1000
  var timezone = "UTC"
  var dbt = DbtSettings()
  var alerts: AlertSettings?
  var metrics: MetricsSettings?
  /// Where `alerts` is, and the tags that its rules name.
  var alertPlaces: (section: YAMLEntry, tags: [YAMLNode])?
}

/// Reads `sluice.yml`.
struct ProjectReader {
  /// Top-level keys below which every `${…}` is a secret.
  static let connectionKeys: Set<String> = ["sources", "destinations", "alerts", "metrics"]

  let directory: String
  let kafkaSettings: Configuration.KafkaSettingCheck?
  /// Names of all syncs, for what names them.
  let syncNames: [String]

  func read(_ root: YAMLNode) -> ProjectFile {
    var file = ProjectFile(stateDirectory: FileAccess.path("state", from: directory))
    guard let map = MappingReader(root, .project) else { return file }
    let sources = SourceReader(directory: directory)
    (file.sources, file.sourceNames) = named(
      map.required("sources"),
      kind: "source",
      read: sources.read
    )
    (file.destinations, file.destinationNames) =
      named(
        map.required("destinations"),
        kind: "destination",
        read: DestinationReader(directory: directory, kafkaSettings: kafkaSettings).read
      )
    file.defaults = map["defaults"].flatMap(defaults)
    if let entry = map.entry("alerts") {
      let (alerts, tags) = AlertReader(directory: directory, syncNames: syncNames).read(entry.value)
      file.alerts = alerts
      file.alertPlaces = (entry, tags)
    }
    file.metrics = map["metrics"].flatMap(MetricsReader(directory: directory).read)
    readState(map, into: &file)
    file.environmentRequirement = map["environments"].flatMap(environmentRequirement)
    file.commandVariables = map["commands"].map(commandVariables) ?? []
    if let node = map["history"] { readHistory(node, into: &file) }
    file.dbt = map["dbt"].map { dbt($0, sources: file.sourceNames) } ?? DbtSettings()
    if let timezone = map["timezone"].flatMap(timezone) { file.timezone = timezone }
    return file
  }

  private func named<Settings>(
    _ node: YAMLNode?,
    kind: String,
    read: (YAMLNode, String) -> Settings?
  ) -> ([String: Settings], [String]) {
    var result: [String: Settings] = [:]
    guard let node, let entries = node.entries("\(kind)s by name") else { return ([:], []) }
    if entries.isEmpty { node.error("expected at least one \(kind)") }
    for entry in entries {
      if !ProjectName.isValid(entry.key) {
        entry.error("\(entry.key.quoted) is not a name of a \(kind)", hint: ProjectName.rule)
      }
      result[entry.key] = read(entry.value, entry.key)
    }
    return (result, entries.map(\.key))
  }

  private func defaults(_ node: YAMLNode) -> MappingReader? {
    guard let entries = node.entries("'defaults'") else { return nil }
    for entry in entries where KeyTable.sync.has(entry.key) && !KeyTable.defaults.has(entry.key) {
      entry.error("'\(entry.key)' has no default", hint: "each sync says its own")
    }
    return MappingReader(node, KeyTable.sync.called("'defaults'"))
  }

  private func readState(_ map: MappingReader, into file: inout ProjectFile) {
    guard let node = map["state"],
      let state = MappingReader(node, .stateFolder)
    else { return }
    if let path = state["path"]?.string("the path of a folder") {
      file.stateDirectory = FileAccess.path(path, from: directory)
    }
    if let required = state["required"]?.boolean() { file.isStateRequired = required }
  }

  private func environmentRequirement(_ node: YAMLNode) -> YAMLNode? {
    let map = MappingReader(node, .environments)
    guard let required = map?["required"], required.boolean() == true else { return nil }
    return required
  }

  private func commandVariables(_ node: YAMLNode) -> [Located<String>] {
    let map = MappingReader(node, .commands)
    let names = map?["environment"]?.strings("a list of variables", each: "the name of a variable")
    return names ?? []
  }

  private func readHistory(_ node: YAMLNode, into file: inout ProjectFile) {
    let map = MappingReader(node, .history)
    if let runs = map?["runs"]?.integer("a number of runs", in: HistoryBounds.runs) {
      file.historyRuns = runs
    }
    if let messages = map?["messages"]?.integer("a number of messages", in: HistoryBounds.messages)
    {
      file.historyMessages = messages
    }
  }

  private func dbt(_ node: YAMLNode, sources: [String]) -> DbtSettings {
    var settings = DbtSettings()
    let map = MappingReader(node, .dbt)
    if let path = map?["manifest"]?.string("the path of dbt's manifest.json") {
      settings.manifest = path
    }
    guard let source = map?["source"], let name = source.string("the name of a source") else {
      return settings
    }
    settings.source = name
    if !sources.contains(name) {
      ProjectName.unknown("source", name, at: source, known: sources)
    }
    return settings
  }

  private func timezone(_ node: YAMLNode) -> String? {
    guard let name = node.string("the name of a time zone") else { return nil }
    let isName =
      !name.hasPrefix("/") && !name.contains("..")
      && name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || "/_+-".utf8.contains(byte)
      }
    let path = "/usr/share/zoneinfo/\(name)"
    if name == "UTC" || isName && FileAccess.exists(path) && !FileAccess.isDirectory(path) {
      return name
    }
    node.error(
      "unknown time zone \(name.quoted)",
      hint:
        "write a name of the IANA database, such as Europe/Berlin; it must be in /usr/share/zoneinfo"
    )
    return nil
  }
}
