import Arguments
import Configuration
import Reports
import Settings
import Sync
import Values

/// Compares the messages of today's files with those of a git revision, for `sluice plan --against`.
struct RevisionComparison {
  let context: CommandContext
  /// The revision, as the user typed it.
  let revision: String
  /// A file of rows; nil for the rows that states remember.
  let rowsPath: String?
  let samplesMax: Int

  /// A comparison of each of `syncs`, in order.
  ///
  /// Throws a ``CommandFailure`` if the revision or the file of rows cannot be read.
  func reports(
    of syncs: [SyncSettings],
    in project: ProjectSettings
  ) async throws -> [ComparisonReport] {
    let folder = try RevisionFolder(
      revision,
      of: project.directory,
      environment: context.environment
    )
    defer { withExtendedLifetime(folder) {} }
    let older = try olderProject(in: folder.path)
    let rows = try rowsPath.map(rows)
    var reports: [ComparisonReport] = []
    for sync in syncs {
      reports.append(try await compare(SyncSession(project, sync), with: older, by: rows))
    }
    return reports + gone(in: older, project)
  }

  /// The syncs that only the revision has, unless some were chosen.
  private func gone(
    in older: Configuration.Result,
    _ project: ProjectSettings
  ) -> [ComparisonReport] {
    if !context.arguments.arguments.isEmpty || context.arguments.has(.tag) { return [] }
    return older.syncNames.filter { !project.syncNames.contains($0) }.sorted().map { name in
      var report = ComparisonReport(sync: name, revision: revision)
      report.presence = .gone
      return report
    }
  }

  private func olderProject(in path: String) throws(CommandFailure) -> Configuration.Result {
    let result = Configuration.load(
      directory: path,
      environment: context.environment,
      environmentName: try context.environmentName(),
      scope: Configuration.Scope(.syncs(names: [], tags: []), isOffline: true)
    )
    if result.settings != nil { return result }
    let first = result.diagnostics.first { $0.severity == .error }
    throw CommandFailure(
      .configuration,
      "the files of '\(revision.printable)' cannot be read: "
        + (first.map { "\($0.location.map { "\($0): " } ?? "")\($0.message)" } ?? "no project"),
      hint: "name a revision whose files `sluice check` accepts"
    )
  }

  private func compare(
    _ session: SyncSession,
    with older: Configuration.Result,
    by rows: [[SyncTestCase.Column]]?
  ) async throws -> ComparisonReport {
    let name = session.sync.name
    guard let before = older.settings?.syncs.first(where: { $0.name == name }),
      let model = older.settings?.models[before.model.value]
    else {
      var report = ComparisonReport(sync: name, revision: revision)
      if older.syncNames.contains(name) {
        let first = older.diagnostics.first {
          $0.severity == .error && $0.location?.file == "syncs/\(name).yml"
        }
        let reason = first.map { ": \($0.location.map { "\($0): " } ?? "")\($0.message)" } ?? ""
        report.error = RunError(
          .configuration,
          "the sync has errors in '\(revision.printable)'\(reason)",
          kind: .filesWithErrors
        )
      } else {
        report.presence = .new
        report.notes = ["the sync is new: '\(revision.printable)' does not have it"]
      }
      return report
    }
    let comparison = SettingsComparison(
      old: SettingsComparison.Version(sync: before, model: model),
      new: SettingsComparison.Version(sync: session.sync, model: session.model),
      revision: revision,
      samplesMax: samplesMax
    )
    guard let rows else { return await comparison.compareSnapshot(at: session.location) }
    guard let source = session.project.sources[session.model.source] else {
      throw CommandFailure(.configuration, "model '\(session.model.name)' names no source")
    }
    return await comparison.compare(rows, from: source)
  }

  private func rows(_ path: String) throws -> [[SyncTestCase.Column]] {
    let input = try InputText(path: context.absolute(path), name: path)
    var rows: [[SyncTestCase.Column]] = []
    try RenderDocuments(input).forEach(limit: .max) { document in
      rows.append(
        document.object.keys.map { key in
          SyncTestCase.Column(name: key, value: Literal(document.object[key] ?? .null))
        }
      )
    }
    return rows
  }
}

extension Literal {
  /// A value of a JSON document.
  fileprivate init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .bool(let flag): self = .boolean(flag)
    case .integer, .bigInteger, .decimal, .float: self = .number(value.jsonText)
    case .string(let text): self = .string(text)
    case .array, .object: self = .json(value.jsonText)
    }
  }
}
