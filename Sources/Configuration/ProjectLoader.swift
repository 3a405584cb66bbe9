import Settings

/// Reads a project's files, one after the other, and collects what is wrong with them.
final class ProjectLoader {
  let directory: String
  let report = DiagnosticReport()
  let environmentName: EnvironmentName?
  private let kafkaSettings: Configuration.KafkaSettingCheck?
  private var interpolation: Interpolation
  /// Files in the order in which they were read.
  private var files: [String] = []
  private let commandResults: [[String]: Result<String, SecretCommand.Failure>]
  /// What commands for secrets see.
  private(set) var commandEnvironment: [String: String] = [:]
  /// Whether the project asks for an environment.
  var isEnvironmentRequired = false
  private let templates: TemplateFolder
  /// What was read of each sync, also of those with errors.
  var drafts: [SyncDraft] = []

  /// `environment` is the name of the environment whose file is laid over `sluice.yml`.
  init(
    directory: String,
    environment: String? = nil,
    kafkaSettings: Configuration.KafkaSettingCheck? = nil,
    commandResults: [[String]: Result<String, SecretCommand.Failure>] = [:]
  ) {
    self.commandResults = commandResults
    self.directory = directory
    environmentName = environment.map(EnvironmentName.init)
    self.kafkaSettings = kafkaSettings
    interpolation = Interpolation(variables: VariableValues(process: [:]), directory: directory)
    templates = TemplateFolder(directory: directory, report: report)
  }

  /// Learns what references may name: the process's environment wins over `.env.NAME`, and that
  /// over `.env`.
  @discardableResult
  func learnVariables(_ environment: [String: String]) -> [String: String] {
    let names = [".env"] + (environmentName.map { [$0.variableFile] } ?? [])
    let files = names.map { (name: $0, values: readVariables($0)) }
    let values = VariableValues(process: environment, files: files)
    interpolation = Interpolation(
      variables: values,
      directory: directory,
      commandResults: commandResults
    )
    return values.all
  }

  /// Reads all files; nil where `sluice.yml` itself cannot be used.
  func load(
    environment: [String: String],
    scope: Configuration.Scope
  ) -> (settings: ProjectSettings, judgement: ScopeJudgement)? {
    report.toleratesUnset = scope.isOffline
    let variables = learnVariables(environment)
    guard let project = readProject(scope) else { return nil }
    let destinations = project.destinations.mapValues { withEnvironment(variables, $0) }
    var models = readModels(project)
    models.read.merge(readSyncs(project, models)) { own, _ in own }
    commandEnvironment = interpolation.variables.environment(
      hiding: secretNames(variables),
      listed: project.commandVariables.map(\.value)
    )
    let judgement = ScopeJudgement(
      scope: scope,
      drafts: drafts,
      models: models.read,
      diagnostics: report.diagnostics
    )
    var settings = ProjectSettings(
      directory: directory,
      sources: project.sources,
      destinations: destinations,
      models: models.read,
      syncs: judgement.sound.map(withPrivateValues),
      stateDirectory: environmentName.map { FileAccess.path($0.text, from: project.stateDirectory) }
        ?? project.stateDirectory,
      historyRuns: project.historyRuns,
      historyMessages: project.historyMessages,
      timezone: project.timezone,
      secrets: report.secrets
    )
    settings.variables = report.variables
    settings.environment = environmentName?.text
    settings.sharedStateDirectory = project.stateDirectory
    settings.syncNames = judgement.names
    settings.metrics = project.metrics
    settings.alerts = project.alerts.map { withEnvironment(variables, $0) }
    checkAlerts(project)
    return (settings, judgement)
  }

  /// Names of the files that are syncs, without a word about those that are not.
  private var syncNames: [String] {
    guard case .success(let names) = FileAccess.names(in: FileAccess.path("syncs", from: directory))
    else { return [] }
    return names.filter { $0.hasSuffix(".yml") && !$0.hasSuffix(Self.testSuffix) }
      .map { String($0.dropLast(4)) }
  }

  /// By file, in the order of reading, then by line and column.
  func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    let order = Dictionary((files + templates.files).enumerated().map { ($1, $0) }) { first, _ in
      first
    }
    return diagnostics.enumerated().sorted { left, right in
      let (first, second) = (left.element.location, right.element.location)
      let firstKey = (order[first?.file ?? ""] ?? -1, first?.line ?? 0, first?.column ?? 0)
      let secondKey = (order[second?.file ?? ""] ?? -1, second?.line ?? 0, second?.column ?? 0)
      return firstKey == secondKey ? left.offset < right.offset : firstKey < secondKey
    }.map(\.element)
  }

  /// Gives an identity of AWS the variables that its tools know, those of `.env` too, and keeps
  /// secrets from commands.
  private func withEnvironment(
    _ variables: [String: String],
    _ destination: DestinationSettings
  ) -> DestinationSettings {
    var destination = destination
    let known = variables.filter { $0.key.hasPrefix("AWS_") || $0.key == "HOME" }
      .mapValues { Secret($0) }
    switch destination.mechanism {
    case .msk(var identity):
      identity.environment = known
      destination.mechanism = .msk(identity)
    case .aws(var identity, let name):
      identity.environment = known
      destination.mechanism = .aws(identity, authorizationIdentity: name)
    case .oauthBearer(.command(let text, _)):
      destination.mechanism = .oauthBearer(.command(text, hiding: secretNames(variables)))
      return destination
    case nil, .plain, .scram, .oauthBearer(.fixed), .oauthBearer(.clientCredentials):
      return destination
    }
    for secret in Self.secretVariables.compactMap({ known[$0] }) {
      report.keepSecret(secret.exposed)
    }
    return destination
  }

  /// The variables whose values are secrets of the project, but those that every program needs.
  func secretNames(_ variables: [String: String]) -> Set<String> {
    let secrets = Set(report.secrets.map(\.exposed))
    let names = variables.filter { secrets.contains($0.value) }.map(\.key)
    return Set(names).subtracting(["HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TMPDIR", "USER"])
  }

  private static let secretVariables = [
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  ]

  // MARK: - Files

  private func readVariables(_ name: String) -> [String: String] {
    guard FileAccess.exists(FileAccess.path(name, from: directory)), let source = source(name)
    else { return [:] }
    var file = EnvironmentFile(source: source)
    return file.variables()
  }

  private func readProject(_ scope: Configuration.Scope) -> ProjectFile? {
    let name = Configuration.projectFile
    guard FileAccess.isDirectory(directory) else {
      report.add(Diagnostic(at: nil, "there is no folder \(directory)", kind: .noProject))
      return nil
    }
    guard FileAccess.exists(FileAccess.path(name, from: directory)) else {
      let other = ["sluice.yaml", "Sluice.yml"].first {
        FileAccess.exists(FileAccess.path($0, from: directory))
      }
      let hint = other.map { "rename \($0) to \(name)" } ?? "'sluice init' makes a project"
      let message = "there is no \(name) in \(directory)"
      report.add(Diagnostic(at: nil, message, hint: hint, kind: .noProject))
      return nil
    }
    guard let root = projectRoot() else { return nil }
    let project = ProjectReader(
      directory: directory,
      kafkaSettings: kafkaSettings,
      syncNames: syncNames
    ).read(root)
    checkEnvironment(of: project, scope)
    return project
  }

  private struct Models {
    var names: [String]
    var read: [String: ModelSettings] = [:]
  }

  private func readModels(_ project: ProjectFile) -> Models {
    let names = names(in: "models", suffix: ".sql", kind: "model")
    var models = Models(names: names)
    let reader = ModelReader(
      sources: project.sourceNames,
      sqliteSources: Set(
        project.sources.filter { if case .sqlite = $0.value { true } else { false } }.keys
      ),
      directory: directory
    )
    for name in names {
      guard let source = source("models/\(name).sql") else { continue }
      models.read[name] = reader.read(file(source), name: name)
    }
    return models
  }

  /// Reads all syncs; returns the models of dbt that they name.
  private func readSyncs(_ project: ProjectFile, _ models: Models) -> [String: ModelSettings] {
    let dbt = DbtReader(
      project.dbt,
      sources: project.sourceNames,
      modelNames: models.names,
      directory: directory
    )
    let reader = SyncReader(
      modelNames: models.names,
      models: models.read,
      dbt: dbt,
      destinationNames: project.destinationNames,
      embeddedNames: Set(project.destinations.filter { $0.value.brokers == .embedded }.keys),
      defaults: project.defaults,
      isStateRequired: project.isStateRequired,
      folder: templates,
      interpolation: interpolation
    )
    reader.checkDefaults()
    for name in names(in: "syncs", suffix: ".yml", kind: "sync") {
      let file = "syncs/\(name).yml"
      templates.touched = []
      let root = root(file)
      let settings = root.flatMap { reader.read($0, name: name) }
      drafts.append(
        SyncDraft(
          name: name,
          file: file,
          root: root,
          defaults: project.defaults,
          settings: settings,
          destinations: project.destinationNames,
          templateFiles: templates.touched
        )
      )
    }
    return dbt.models
  }

  /// The root of a YAML file; nil after reporting why there is none.
  func root(
    _ path: String,
    connectionKeys: Set<String> = [],
    overlay: YAMLNode? = nil
  ) -> YAMLNode? {
    guard let source = source(path) else { return nil }
    let count = report.diagnostics.count
    var file = file(source, connectionKeys: connectionKeys)
    file.overlay = overlay
    let root = file.root()
    if root == nil, report.diagnostics.count == count {
      report.add(
        Diagnostic(
          at: SourceLocation(file: path, line: 1, column: 1),
          "the file is empty",
          kind: .unreadableFile
        )
      )
    }
    return root
  }

  func file(_ source: SourceText, connectionKeys: Set<String> = []) -> YAMLFile {
    YAMLFile(source: source, interpolation: interpolation, connectionKeys: connectionKeys)
  }

  func source(_ path: String) -> SourceText? {
    files.append(path)
    let full = FileAccess.path(path, from: directory)
    switch FileAccess.text(at: full, sizeMax: YAMLFile.sizeMax) {
    case .success(let text): return SourceText(path: path, text: text, report: report)
    case .failure(let failure):
      let location = SourceLocation(
        file: path,
        line: failure.line ?? 1,
        column: failure.column ?? 1
      )
      let message = "the file cannot be read: \(failure.reason)"
      report.add(Diagnostic(at: location, message, kind: .unreadableFile))
      return nil
    }
  }
}
