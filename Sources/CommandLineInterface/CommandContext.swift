public import Arguments
import Configuration
import Kafka
public import Settings
import Spelling

/// What a command has to work with.
public struct CommandContext: Sendable {
  /// What the user typed.
  public let arguments: ParsedCommand
  /// Where the command says things.
  public let console: Console
  /// The process's environment.
  public let environment: [String: String]
  /// Absolute path of the folder in which the process was started.
  public let currentDirectory: String

  /// Joins what a command has to work with.
  public init(
    arguments: ParsedCommand,
    console: Console,
    environment: [String: String],
    currentDirectory: String
  ) {
    self.arguments = arguments
    self.console = console
    self.environment = environment
    self.currentDirectory = currentDirectory
  }

  /// Reads the project that the command is about.
  ///
  /// What is to be said of its files is said, its secrets are hidden from standard error, and its
  /// time zone is the one of ``TimeText/local(_:)``. With any error the command ends with code 78.
  public func project() throws(CommandFailure) -> ProjectSettings {
    try report(try loadProject(withTests: false))
  }

  /// The same, with the unit tests of its syncs.
  func projectWithTests() throws(CommandFailure) -> (ProjectSettings, [SyncTests]) {
    let result = try loadProject(withTests: true)
    return (try report(result), result.tests)
  }

  private func report(_ result: Configuration.Result) throws(CommandFailure) -> ProjectSettings {
    for diagnostic in result.diagnostics where diagnostic.severity != .note {
      console.report(diagnostic)
    }
    guard let settings = result.settings else { throw CommandFailure(reported: .configuration) }
    console.hide(settings.secrets)
    TimeText.use(zone: settings.timezone)
    return settings
  }

  /// Reads the project without saying anything.
  func loadProject(withTests: Bool) throws(CommandFailure) -> Configuration.Result {
    Configuration.load(
      directory: try projectDirectory(),
      environment: environment,
      kafkaSettings: Self.kafkaSettings,
      withTests: withTests
    )
  }

  private static let kafkaSettings = Configuration.KafkaSettingCheck { name, value in
    switch KafkaSetting.problem(name, value) {
    case nil: nil
    case .unknown: .unknown(known: KafkaSetting.names())
    case .value(let reason): .value(reason)
    }
  }

  /// The folder that `-C` names, else the nearest one upward with a `sluice.yml`; nil without.
  var knownProjectDirectory: String? {
    arguments.value(of: .project).map(absolute) ?? Configuration.project(from: currentDirectory)
  }

  private func projectDirectory() throws(CommandFailure) -> String {
    if let found = knownProjectDirectory { return found }
    throw CommandFailure(
      .configuration,
      "there is no \(Configuration.projectFile) in \(currentDirectory) or above it",
      hint: "go to a project, name one with -C DIR, or make one with 'sluice init'"
    )
  }

  /// `path` below the folder in which the process was started, unless it is absolute.
  func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    var path = Substring(path)
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    while path.hasSuffix("/") { path = path.dropLast() }
    if path.isEmpty || path == "." { return currentDirectory }
    return currentDirectory == "/" ? "/\(path)" : "\(currentDirectory)/\(path)"
  }
}

// MARK: - Syncs

extension CommandContext {
  /// The syncs that the arguments name and those with one of the tags of `--tag`, sorted by name;
  /// all of them where the user named neither.
  public func syncs(of project: ProjectSettings) throws(CommandFailure) -> [SyncSettings] {
    let names = arguments.arguments
    let tags = arguments.values(of: .tag)
    for name in names where !project.syncs.contains(where: { $0.name == name }) {
      throw unknown("sync", name, among: project.syncs.map(\.name))
    }
    for tag in tags where !project.syncs.contains(where: { $0.tags.contains(tag) }) {
      throw unknown("tag", tag, among: project.syncs.flatMap(\.tags))
    }
    if names.isEmpty, tags.isEmpty { return project.syncs }
    return project.syncs.filter { sync in
      names.contains(sync.name) || sync.tags.contains(where: tags.contains)
    }
  }

  /// The sync that the first argument names.
  public func sync(of project: ProjectSettings) throws(CommandFailure) -> SyncSettings {
    let name = arguments.arguments.first ?? ""
    if let sync = project.syncs.first(where: { $0.name == name }) { return sync }
    throw unknown("sync", name, among: project.syncs.map(\.name))
  }

  /// The model called `name`.
  func model(_ name: String, of project: ProjectSettings) throws(CommandFailure) -> ModelSettings {
    if let model = project.models[name] { return model }
    throw unknown("model", name, among: project.models.keys.sorted())
  }

  private func unknown(_ kind: String, _ name: String, among known: [String]) -> CommandFailure {
    let suggestion = Spelling.nearest(to: name, among: known)
    let question = suggestion.map { "; did you mean '\($0)'?" } ?? ""
    let list = Set(known).sorted().joined(separator: ", ")
    let hint = known.isEmpty ? "the project has none" : "there are \(list)"
    return CommandFailure(
      .usage,
      "unknown \(kind) '\(name.printable)'\(question)",
      hint: suggestion == nil ? hint : nil
    )
  }
}
