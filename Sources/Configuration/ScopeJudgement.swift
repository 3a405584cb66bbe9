import Settings

/// Tells which errors stop a command and which are only a neighbour's.
struct ScopeJudgement {
  private let scope: Configuration.Scope
  private let drafts: [SyncDraft]
  private let models: [String: ModelSettings]
  private let diagnostics: [Diagnostic]
  private let brokenFiles: Set<String>
  private let brokenConnections: Set<ConnectionName>

  init(
    scope: Configuration.Scope,
    drafts: [SyncDraft],
    models: [String: ModelSettings],
    diagnostics: [Diagnostic]
  ) {
    self.scope = scope
    self.drafts = drafts
    self.models = models
    self.diagnostics = diagnostics
    let errors = diagnostics.filter { $0.severity == .error }
    brokenFiles = Set(errors.filter { $0.connection == nil }.compactMap { $0.location?.file })
    brokenConnections = Set(errors.compactMap(\.connection))
  }

  /// The same for what else was found meanwhile.
  func with(_ diagnostics: [Diagnostic]) -> ScopeJudgement {
    ScopeJudgement(scope: scope, drafts: drafts, models: models, diagnostics: diagnostics)
  }

  /// Names of all syncs.
  var names: [String] { drafts.map(\.name) }

  /// The syncs that can be used, selected or not.
  var sound: [SyncSettings] { drafts.filter(isSound).compactMap(\.settings) }

  /// Names of the selected syncs that cannot be used, and files of that folder that should be some.
  var unreadable: [String] {
    let names = selected.filter { draft in
      !isSound(draft) && !lacksOnlyVariables(draft) || brokenFiles.contains(Self.tests(of: draft))
    }.map(\.name)
    guard takesAll else { return names }
    let known = Set(drafts.flatMap { [$0.file, Self.tests(of: $0)] })
    return names + brokenFiles.filter { $0.hasPrefix("syncs/") && !known.contains($0) }.sorted()
  }

  /// Those of the unreadable syncs that only lack a secret, because a command failed.
  var withoutSecret: [String] {
    let others = with(diagnostics.filter { !$0.isCommandFailure }).unreadable
    return unreadable.filter { !others.contains($0) }
  }

  /// The connections that the command connects to.
  var neededConnections: Set<ConnectionName> {
    if case .model(let name) = scope.selection {
      return Set(models[name].map { [.source($0.source)] } ?? [])
    }
    return Set(selected.flatMap(connections))
  }

  /// Variables that are not set and that messages are made with, by sync.
  var unset: [String: [String]] {
    Dictionary(
      uniqueKeysWithValues: drafts.filter { !$0.unset.isEmpty }.map { ($0.name, $0.unset) }
    )
  }

  /// Whether an error stops the whole command.
  var isStopped: Bool {
    if case .everything = scope.selection {
      return diagnostics.contains { $0.severity == .error }
    }
    return diagnostics.contains { diagnostic in
      guard diagnostic.severity == .error, diagnostic.connection == nil else { return false }
      guard let file = diagnostic.location?.file else { return true }
      return Self.isOfProject(file) || isNeededModel(file)
    }
  }

  /// What is said; errors of files that the command does not need are warnings.
  var told: [Diagnostic] {
    let needed = neededFiles
    let connections = Set(selected.flatMap(connections))
    return diagnostics.map { diagnostic in
      guard diagnostic.severity == .error else { return diagnostic }
      let isNeeded: Bool
      if case .everything = scope.selection {
        isNeeded = true
      } else if let connection = diagnostic.connection {
        isNeeded = connections.contains(connection)
      } else {
        isNeeded =
          diagnostic.location.map { file in
            needed.contains(file.file) || Self.isOfProject(file.file)
              || takesAll && file.file.hasPrefix("syncs/")
          } ?? true
      }
      return isNeeded ? diagnostic : diagnostic.asWarning
    }
  }

  // MARK: - Selection

  /// Whether every sync needs `file`: `sluice.yml`, `.env`, or those of the environment.
  private static func isOfProject(_ file: String) -> Bool {
    file == Configuration.projectFile || file.hasPrefix(".env")
      || EnvironmentName(ofFile: file) != nil
  }

  /// The file with its unit tests, which only the commands that run them read.
  private static func tests(of draft: SyncDraft) -> String {
    "syncs/\(draft.name)\(ProjectLoader.testSuffix)"
  }

  private var takesAll: Bool {
    switch scope.selection {
    case .everything: true
    case .syncs(let names, let tags): names.isEmpty && tags.isEmpty
    case .model: false
    }
  }

  private var selected: [SyncDraft] {
    switch scope.selection {
    case .everything: drafts
    case .syncs(let names, let tags):
      takesAll
        ? drafts
        : drafts.filter { draft in
          names.contains(draft.name) || (draft.tags ?? []).contains(where: tags.contains)
        }
    case .model: []
    }
  }

  private var neededFiles: Set<String> {
    var files = selected.reduce(into: Set<String>()) { $0.formUnion(self.files(of: $1)) }
    files.formUnion(selected.map(Self.tests))
    if case .model(let name) = scope.selection { files.insert("models/\(name).sql") }
    return files
  }

  private func isNeededModel(_ file: String) -> Bool {
    if case .model(let name) = scope.selection { return file == "models/\(name).sql" }
    return false
  }

  private func files(of draft: SyncDraft) -> Set<String> {
    let own: Set<String> = [draft.file]
    return own.union(draft.model.map { ["models/\($0).sql"] } ?? []).union(draft.templateFiles)
  }

  private func connections(of draft: SyncDraft) -> [ConnectionName] {
    let source = draft.model.flatMap { models[$0]?.source }
    return (source.map { [.source($0)] } ?? [])
      + (draft.destination.map { [.destination($0)] } ?? [])
  }

  /// Whether all that is wrong is a variable that is not set, where nothing is connected to.
  private func lacksOnlyVariables(_ draft: SyncDraft) -> Bool {
    scope.isOffline && !draft.unset.isEmpty && brokenFiles.isDisjoint(with: files(of: draft))
  }

  private func isSound(_ draft: SyncDraft) -> Bool {
    draft.settings != nil && brokenFiles.isDisjoint(with: files(of: draft))
      && brokenConnections.isDisjoint(with: connections(of: draft))
  }
}

extension Diagnostic {
  /// The same as a warning: what it is about is not needed now.
  fileprivate var asWarning: Diagnostic {
    Diagnostic(
      .warning,
      at: location,
      message,
      excerpt: excerpt,
      hint: hint,
      related: related,
      connection: connection,
      kind: kind
    )
  }
}
