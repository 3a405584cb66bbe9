import Connections
import Arguments
import Configuration
import Sync
import Reports
import Settings

/// The command `sluice check`.
enum CheckCommand: SluiceCommand {
  typealias Report = CheckReport

  static let command = Command(
    "check",
    "Check every file of the project",
    discussion: """
      Reads sluice.yml, .env, all models, all syncs and their unit tests, and says what is wrong with them, each \
      with its place in the file. Columns are checked where the query, as it stands, has run \
      before. Nothing is connected to.

      With --connect it then tries every source and destination, all at once: names, connections, \
      TLS, logins, every model with the messages made of it, and every fixed topic with its \
      settings and rights. Nothing is sent or created. What nobody tells is shown as ?. Whatever \
      hangs, it ends after twice the longest time to connect (timeouts.connect, connect_timeout: \
      30 s unless said otherwise).
      """,
    options: [connect],
    examples: [
      Example("sluice check", "says what is wrong, and ends with 78 if anything is"),
      Example("sluice check --output json", "the same for an editor or a build"),
      Example("sluice check --connect", "tries all connections, and says what to do about each"),
    ]
  )

  private static let connect = Option(
    "connect",
    "Try every source and destination, and look at models and topics"
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let scope = Configuration.Scope(.everything, isOffline: !context.arguments.has(connect))
    let result = try context.loadProject(scope, withTests: true)
    let console = context.console
    let code: ExitCode = result.settings == nil ? .configuration : .done
    var items: [CheckItem] = []
    for diagnostic in result.diagnostics {
      if console.writesJSON { console.note(diagnostic) } else { console.report(diagnostic) }
    }
    if let settings = result.settings {
      console.hide(settings.secrets)
      for line in ResolvedConnections(settings).lines(for: settings.syncs) { console.log(line) }
      let remembered = await compareColumns(of: settings, console)
      if !console.writesJSON, !remembered.contains(where: { $0.verdict == .failed }) {
        console.summary(summary(of: settings, result.tests))
      }
      items =
        context.arguments.has(connect)
        ? await tryConnections(of: settings, console) : remembered
    }
    let found = ExitCode.gravest(of: [code] + items.map(\.exitCode))
    console.result(
      CheckReport(
        isOK: found == .done,
        syncs: (result.settings?.syncs ?? []).map(\.name),
        checks: items
      )
    )
    return found
  }

  /// Looks at the columns that syncs name, as far as their states know them.
  private static func compareColumns(
    of settings: ProjectSettings,
    _ console: Console
  ) async -> [CheckItem] {
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
      for item in found { show(item, of: session, console) }
    }
    return items
  }

  /// Shows what was found of the columns of a sync.
  private static func show(_ item: CheckItem, of session: SyncSession, _ console: Console) {
    switch item.verdict {
    case .passed: break
    case .failed:
      console.report(error: item.reason ?? "\(item.subject) is wrong", hint: item.hint)
    case .unknown:
      // For a project that never ran this is not worth a line.
      let level: LogLevel = session.location.exists ? .info : .debug
      let note = "its columns are not checked: \(item.reason ?? ""); \(item.hint ?? "")"
      console.log(LogEvent(level, "columns-unknown", sync: session.sync.name, note))
    }
  }

  private static func tryConnections(
    of settings: ProjectSettings,
    _ console: Console
  ) async -> [CheckItem] {
    let check = ConnectionCheck(settings)
    console.log(
      LogEvent(.info, "check-connections", "trying all connections, at most \(check.timeText)")
    )
    let items = await check.run().map { $0.redacted(console) }
    guard !console.writesJSON else { return items }
    let failures = items.count { $0.verdict == .failed }
    if failures > 0 || !console.options.isQuiet {
      console.result(table(items))
    }
    if failures > 0 {
      console.report(error: "\(counted(failures, "check")) failed")
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
      table.append([item.verdict.sign, item.subject, item.check, item.reason ?? ""])
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
