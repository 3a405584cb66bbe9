import Configuration
import Connections
import Reports
import Settings
import Sync

/// Checks a project as it stands in one environment after the other, and keeps what it found.
struct ProjectCheck {
  private let context: CommandContext
  private let connects: Bool
  private var items: [CheckItem] = []
  private var syncs: [String] = []
  private var codes: [ExitCode] = []
  /// What has been said: what is wrong in every environment is said once.
  private var told: Set<Diagnostic> = []
  private var secrets: [Secret] = []
  private var summaries: [String] = []

  /// Checks files, and with `connects` everything that they lead to.
  init(_ context: CommandContext, connects: Bool) {
    self.context = context
    self.connects = connects
  }

  private var console: Console { context.console }

  /// How the process ends.
  var code: ExitCode { ExitCode.gravest(of: [.done] + codes) }

  /// What was found.
  var report: CheckReport {
    CheckReport(isOK: code == .done, syncs: syncs, checks: items)
  }

  /// Reads and checks the project in the environment called `name`, nil for none.
  ///
  /// A project that asks for an environment is not checked without one.
  mutating func check(_ name: String?) async throws {
    let scope = Configuration.Scope(
      .everything,
      isOffline: !connects,
      needsNoEnvironment: true,
      connects: connects ? .all : .none
    )
    let result = try context.loadProject(scope, environmentName: name, withTests: true)
    let environments = Configuration.environments(of: try context.projectDirectory())
    let isForEnvironments = name == nil && result.isEnvironmentRequired && !environments.isEmpty
    if isForEnvironments { return }
    tell(result.diagnostics, in: name)
    guard let settings = result.settings else {
      codes.append(result.code)
      return
    }
    syncs += settings.syncs.map(\.name).filter { !syncs.contains($0) }
    secrets += settings.secrets
    console.hide(secrets)
    await check(settings, result.tests)
  }

  /// Says, at the end, of what nothing is wrong with.
  func showSummaries() {
    if console.writesJSON { return }
    for line in summaries { console.summary(line) }
  }

  private mutating func tell(_ diagnostics: [Diagnostic], in environment: String?) {
    for diagnostic in diagnostics where told.insert(diagnostic).inserted {
      let shown = environment.map { diagnostic.naming(environment: $0) } ?? diagnostic
      if console.writesJSON { console.note(shown) } else { console.report(shown) }
    }
  }

  private mutating func check(_ settings: ProjectSettings, _ tests: [SyncTests]) async {
    if let name = settings.environment {
      console.log(LogEvent(.info, name: "environment", message: "environment \(name):"))
    }
    for line in ResolvedConnections(settings).lines(of: settings.syncs) { console.log(line) }
    let remembered = await compareColumns(of: settings)
    if !remembered.contains(where: { $0.verdict == .failed }) {
      let subject = settings.environment.map { "environment \($0): " } ?? ""
      summaries.append(subject + Self.summary(of: settings, tests))
    }
    var found = remembered
    if connects { found = await tryConnections(of: settings) }
    for index in found.indices { found[index].environment = settings.environment }
    items += found
    codes += found.map(\.exitCode)
  }

  /// Looks at the columns that syncs name, as far as their states know them.
  private func compareColumns(of settings: ProjectSettings) async -> [CheckItem] {
    var items: [CheckItem] = []
    for sync in settings.syncs {
      guard let session = try? SyncSession(settings, sync) else { continue }
      let found = await RememberedColumns.check(
        sync,
        session.model,
        statePath: session.location.path
      )
      items += found
      if console.writesJSON { continue }
      for item in found { show(item, of: session) }
    }
    return items
  }

  /// Shows what was found of the columns of a sync.
  private func show(_ item: CheckItem, of session: SyncSession) {
    switch item.verdict {
    case .passed: break
    case .failed:
      console.report(
        error: item.reason ?? "\(item.subject) is wrong",
        kind: item.kind,
        hint: item.hint
      )
    case .unknown:
      // For a project that never ran this is not worth a line.
      let level: LogLevel = session.location.exists ? .info : .debug
      let note = "its columns are not checked: \(item.reason ?? ""); \(item.hint ?? "")"
      console.log(LogEvent(level, name: "columns-unknown", sync: session.sync.name, message: note))
    }
  }

  private func tryConnections(of settings: ProjectSettings) async -> [CheckItem] {
    let check = ConnectionCheck(settings)
    let place = settings.environment.map { " of environment \($0)" } ?? ""
    console.log(
      LogEvent(
        .info,
        name: "check-connections",
        message: "trying all connections\(place), at most \(check.timeText)"
      )
    )
    let items = await check.run().map { $0.redacted(console) }
    guard !console.writesJSON else { return items }
    let failures = items.count { $0.verdict == .failed }
    if failures > 0 || !console.options.isQuiet { console.result(Self.table(items)) }
    if failures > 0 {
      console.report(error: "\(Self.counted(failures, "check"))\(place) failed", kind: nil)
    }
    return items
  }

  private static func summary(of settings: ProjectSettings, _ tests: [SyncTests]) -> String {
    let cases = tests.reduce(0) { $0 + $1.cases.count }
    let counts = [
      counted(settings.syncs.count, "sync"), counted(settings.models.count, "model"),
      counted(settings.sources.count, "source"),
      counted(settings.destinations.count, "destination"),
    ]
    let all = counts + (cases > 0 ? [counted(cases, "unit test")] : [])
    return all.joined(separator: ", ") + ": no errors"
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func table(_ items: [CheckItem]) -> Table {
    var table = Table([.init(""), .init("WHAT"), .init("CHECK"), .init("FOUND")])
    for item in items {
      let code = item.kind.map { "[\($0.code)]" }
      let found = [item.reason, code].compactMap(\.self).joined(separator: " ")
      table.append([item.verdict.sign, item.subject, item.check, found])
      if let hint = item.hint { table.append(["", "", "", "-> " + hint]) }
    }
    return table
  }
}

extension ConnectionCheck {
  fileprivate var timeText: String {
    "\(Int((timeMax / .seconds(1)).rounded(.up))) s"
  }
}

extension CheckItem.Verdict {
  fileprivate var sign: String {
    switch self {
    case .passed: "✓"
    case .failed: "✗"
    case .unknown: "?"
    }
  }
}

extension CheckItem {
  fileprivate var exitCode: ExitCode {
    if verdict != .failed { return .done }
    return isConfiguration ? .configuration : .failed
  }

  /// Itself without the texts that `console` hides.
  fileprivate func redacted(_ console: Console) -> CheckItem {
    var item = self
    item.reason = reason.map { console.redacted($0) }
    item.hint = hint.map { console.redacted($0) }
    return item
  }
}
