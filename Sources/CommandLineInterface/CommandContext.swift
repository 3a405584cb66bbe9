public import Arguments
import Configuration
import Connections
import Settings
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
  /// Only the files of `scope` have to be sound: errors of others are warnings.
  /// What is to be said of its files is said, its secrets are hidden from what is made and said
  /// from now on, and its time zone is the one of ``TimeText/local(_:)``. With an error in a file
  /// that the whole command needs it ends with code 78.
  func load(
    _ scope: Configuration.Scope,
    withTests: Bool = false
  ) throws(CommandFailure) -> (project: ProjectSettings, result: Configuration.Result) {
    let result = try loadProject(
      scope,
      environmentName: try environmentName(),
      withTests: withTests
    )
    for diagnostic in result.diagnostics where diagnostic.severity != .note {
      console.report(diagnostic)
    }
    guard let settings = result.settings else { throw CommandFailure(reported: result.code) }
    console.hide(settings.secrets)
    TimeText.use(zone: settings.timezone)
    return (settings, result)
  }

  /// The project, where each of its files has to be sound.
  func wholeProject() throws(CommandFailure) -> ProjectSettings {
    try load(.everything).project
  }

  /// The project and the one sync that the first argument names.
  ///
  /// With `connects` the commands that print secrets of its source and destination run.
  func selectedSync(
    connects: Bool = false
  ) throws(CommandFailure) -> (project: ProjectSettings, sync: SyncSettings) {
    let name = arguments.arguments.first ?? ""
    let scope = Configuration.Scope(
      .syncs(names: [name], tags: []),
      connects: connects ? .selected : .none
    )
    let (project, result) = try load(scope)
    if let sync = project.syncs.first(where: { $0.name == name }) { return (project, sync) }
    if result.withoutSecret.contains(name) { throw CommandFailure(reported: .failed) }
    if result.syncNames.contains(name) { throw CommandFailure(reported: .configuration) }
    throw unknown("sync", name, among: result.syncNames)
  }

  /// The environment that `--env` names, else the process's `SLUICE_ENV`; nil for none.
  func environmentName() throws(CommandFailure) -> String? {
    let typed = arguments.value(of: .environment)
    guard let name = typed ?? environment["SLUICE_ENV"], !name.isEmpty else { return nil }
    if Configuration.isEnvironmentName(name) { return name }
    throw CommandFailure(
      .usage,
      "\(typed == nil ? "SLUICE_ENV" : "--env"): '\(name.printable)' cannot name an environment",
      kind: .wrongEnvironment,
      hint: Configuration.environmentNameRule
    )
  }

  /// Reads the project without saying anything.
  func loadProject(
    _ scope: Configuration.Scope,
    environmentName: String?,
    withTests: Bool
  ) throws(CommandFailure) -> Configuration.Result {
    Configuration.load(
      directory: try projectDirectory(),
      environment: environment,
      environmentName: environmentName,
      kafkaSettings: Self.kafkaSettings,
      commands: SecretPrograms.shared.runner,
      withTests: withTests,
      scope: scope
    )
  }

  private static let kafkaSettings = Configuration.KafkaSettingCheck { name, value in
    switch DestinationProperty.problem(name, value) {
    case nil: nil
    case .unknown(let known): .unknown(known: known)
    case .value(let reason): .value(reason)
    }
  }

  /// The folder that `-C` names, else the nearest one upward with a `sluice.yml`; nil without.
  var knownProjectDirectory: String? {
    arguments.value(of: .project).map(absolute) ?? Configuration.project(from: currentDirectory)
  }

  /// The same, where the command needs one.
  func projectDirectory() throws(CommandFailure) -> String {
    if let found = knownProjectDirectory { return found }
    throw CommandFailure(
      .configuration,
      "there is no \(Configuration.projectFile) in \(currentDirectory) or above it",
      kind: .noProject,
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

extension Configuration.Result {
  /// How a command ends that cannot use the project: 1 if all that is wrong is a command that
  /// gave no secret.
  var code: ExitCode {
    if settings != nil { return .done }
    let errors = diagnostics.filter { $0.severity == .error }
    return !errors.isEmpty && errors.allSatisfy(\.isCommandFailure) ? .failed : .configuration
  }
}

// MARK: - Syncs

extension CommandContext {
  /// The project and the syncs that a command works on.
  struct SelectedSyncs {
    let project: ProjectSettings
    /// Those that can be used, sorted by name.
    let syncs: [SyncSettings]
    /// Names of the others; why has been said.
    let unreadable: [String]
    /// Those of the others that only lack a secret, because a command failed.
    let withoutSecret: [String]
    /// The unit tests of syncs, where they were asked for.
    let tests: [SyncTests]
    /// Variables that are not set and that messages are made with, by sync.
    let unset: [String: [String]]

    /// The share that the others have in the exit code.
    var code: ExitCode {
      let isMisconfigured = unreadable.contains { !withoutSecret.contains($0) }
      return ExitCode.gravest(of: [
        isMisconfigured ? .configuration : .done, withoutSecret.isEmpty ? .done : .failed,
      ])
    }
  }

  /// The syncs that the arguments, or `named`, name and those with one of the tags of `--tag`; all
  /// of them where the user named neither.
  func selectedSyncs(
    named: [String]? = nil,
    isOffline: Bool = false,
    withTests: Bool = false,
    connects: Bool = false,
    notifies: Bool = false
  ) throws(CommandFailure) -> SelectedSyncs {
    let names = named ?? arguments.arguments
    let tags = arguments.values(of: .tag)
    let scope = Configuration.Scope(
      .syncs(names: names, tags: tags),
      isOffline: isOffline,
      connects: connects ? .selected : .none,
      notifies: notifies
    )
    let (project, result) = try load(scope, withTests: withTests)
    for name in names where !result.syncNames.contains(name) {
      throw unknown("sync", name, among: result.syncNames)
    }
    for tag in tags where !project.syncs.contains(where: { $0.tags.contains(tag) }) {
      if !result.unreadable.isEmpty { continue }
      throw unknown("tag", tag, among: project.syncs.flatMap(\.tags))
    }
    let takesAll = names.isEmpty && tags.isEmpty
    return SelectedSyncs(
      project: project,
      syncs: project.syncs.filter { sync in
        takesAll || names.contains(sync.name) || sync.tags.contains(where: tags.contains)
      },
      unreadable: result.unreadable,
      withoutSecret: result.withoutSecret,
      tests: result.tests,
      unset: result.unset
    )
  }

  /// The model called `name`.
  func model(_ name: String, of project: ProjectSettings) throws(CommandFailure) -> ModelSettings {
    if let model = project.models[name] { return model }
    throw unknown("model", name, among: project.models.keys.sorted())
  }

  private func unknown(_ kind: String, _ name: String, among known: [String]) -> CommandFailure {
    let suggestion = Spelling.nearest(to: name, among: known)
    let question = Spelling.question(suggestion)
    let list = Set(known).sorted().joined(separator: ", ")
    let hint = known.isEmpty ? "the project has none" : "there are \(list)"
    return CommandFailure(
      .usage,
      "unknown \(kind) '\(name.printable)'\(question)",
      kind: .unknownName,
      hint: suggestion == nil ? hint : nil
    )
  }
}
