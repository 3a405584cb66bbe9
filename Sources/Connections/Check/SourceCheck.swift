internal import Sync
internal import Postgres
internal import Reports
internal import Rows

internal import Settings

/// Looks at one source: the way in, the rights, every model and the syncs of it.
struct SourceCheck {
  let name: String
  let settings: SourceSettings
  let models: [ModelSettings]
  let syncs: [SyncSettings]

  var subject: String { "source \(name)" }

  func run(_ log: CheckLog) async {
    if case .postgres(let parameters, _, _) = settings {
      log.begin("login")
      guard await logIn(parameters, log) else { return }
    }
    for model in models where !Task.isCancelled { await check(model, log) }
    if models.isEmpty, case .sqlite = settings {
      log.add(CheckItem(subject, check: "models", verdict: .unknown, reason: "no model reads it"))
    }
  }

  private func logIn(
    _ parameters: [(keyword: String, value: Secret)],
    _ log: CheckLog
  ) async -> Bool {
    let source = PostgresSource(name: name, parameters: parameters, session: [])
    do {
      let role = try await source.role()
      log.add(
        CheckItem(
          subject,
          check: "login",
          verdict: .passed,
          reason: "\(role.name) at \(role.server)"
        ),
        CheckItem(
          subject,
          check: "read-only role",
          verdict: .passed,
          reason: role.summary,
          hint: role.advice
        )
      )
    } catch {
      log.add(CheckItem(subject, check: "login", error: SyncRun.runError(error)))
      return false
    }
    await source.close()
    return true
  }

  private func check(_ model: ModelSettings, _ log: CheckLog) async {
    let subject = "model \(model.name)"
    log.begin(subject)
    let source = settings.source(name)
    do {
      let shape = try await source.open(model)
      try await source.checkPlan(of: model)
      log.add(CheckItem(subject, check: "query", verdict: .passed, reason: Self.columns(shape)))
      await checkTests(of: model, source, shape: shape, log: log)
      let families = try await source.families(of: TextTypes.names(in: shape))
      for advice in TextTypes.advice(on: shape, families) {
        log.add(CheckItem(subject, check: "types", verdict: .passed, hint: advice))
      }
      for sync in syncs where sync.model.value == model.name {
        for item in SyncCheck.items(sync, model, for: shape) { log.add(item) }
      }
    } catch {
      log.add(CheckItem(subject, check: "query", error: SyncRun.runError(error)))
    }
    await source.close()
  }

  private func checkTests(
    of model: ModelSettings,
    _ source: any RowSource,
    shape: Shape,
    log: CheckLog
  ) async {
    if model.tests.isEmpty { return }
    let subject = "model \(model.name)"
    do {
      try await RowTestCheck.check(model, on: source, shape: shape)
      let reason = "\(model.tests.count) can be run"
      log.add(CheckItem(subject, check: "tests", verdict: .passed, reason: reason))
    } catch {
      log.add(CheckItem(subject, check: "tests", error: SyncRun.runError(error)))
    }
  }

  private static func columns(_ shape: Shape) -> String {
    shape.columns.map { column in
      column.type.declared.isEmpty ? column.name : "\(column.name) \(column.type.declared)"
    }.joined(separator: ", ")
  }
}

extension RowSource {
  /// Asks a server for the plan of an open model, which also asks for the rights to read.
  func checkPlan(of model: ModelSettings) async throws {
    guard let source = self as? PostgresSource else { return }
    try await source.explain(model)
  }
}

extension RowSource {
  /// Which types of an open model have parts that their text hides; none outside of Postgres.
  fileprivate func families(of names: [String]) async throws -> [String: TypeFamily] {
    guard let source = self as? PostgresSource, !names.isEmpty else { return [:] }
    return try await source.families(of: names)
  }
}

extension PostgresRole {
  var summary: String {
    if isSuperuser { return "a superuser" }
    return writableTables == 0 ? "it writes no table" : "it may write \(writableTables) tables"
  }

  var advice: String? {
    isSuperuser || writableTables > 0
      ? "Sluice only reads: give it a role of its own with SELECT alone" : nil
  }
}
