import Arguments
import Configuration
import Engine
import Settings
import Values

/// The command `sluice check`.
enum CheckCommand: SluiceCommand {
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
    var items: [CheckItem]?
    if !console.writesJSON {
      for diagnostic in result.diagnostics { console.report(diagnostic) }
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
    let found = ExitCode.gravest(of: [code] + (items ?? []).map(\.exitCode))
    if console.writesJSON { console.result(json: json(result, items, found, console)) }
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
      let found = await RememberedColumns.check(sync, session.model, statePath: session.statePath)
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
      console.report(error: item.detail ?? "\(item.subject) is wrong", hint: item.advice)
    case .unknown:
      // For a project that never ran this is not worth a line.
      let level: LogLevel = session.hasState ? .info : .debug
      let note = "its columns are not checked: \(item.detail ?? ""); \(item.advice ?? "")"
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
    let items = await check.run()
    guard !console.writesJSON else { return items }
    let failures = items.count { $0.verdict == .failed }
    if failures > 0 || !console.options.isQuiet {
      console.result(table(items, console))
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

  private static func table(_ items: [CheckItem], _ console: Console) -> Table {
    var table = Table([.init(""), .init("WHAT"), .init("CHECK"), .init("FOUND")])
    for item in items {
      let found = console.redacted(item.detail ?? "")
      table.append([item.verdict.sign, item.subject, item.check, found])
      if let advice = item.advice {
        table.append(["", "", "", "-> " + console.redacted(advice)])
      }
    }
    return table
  }

  private static func json(
    _ result: Configuration.Result,
    _ items: [CheckItem]?,
    _ code: ExitCode,
    _ console: Console
  ) -> Value {
    var members: [(String, Value)] = [
      ("ok", .bool(code == .done)),
      ("syncs", .array((result.settings?.syncs ?? []).map { .string($0.name) })),
      ("diagnostics", .array(result.diagnostics.map(\.json))),
    ]
    if let items { members.append(("checks", .array(items.map { $0.json(console) }))) }
    return .object(Object(members))
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

  /// As `check --connect --output json` shows it.
  fileprivate func json(_ console: Console) -> Value {
    .object(
      Object([
        ("subject", .string(subject)),
        ("check", .string(check)),
        ("verdict", .string(verdict.rawValue)),
        ("detail", .optional(detail.map { console.redacted($0) })),
        ("advice", .optional(advice.map { console.redacted($0) })),
      ])
    )
  }
}

extension Diagnostic {
  /// As `check --output json` shows it.
  fileprivate var json: Value {
    .object(
      Object(
        [("severity", .string(severity.rawValue)), ("message", .string(message))]
          + fields.map { ($0.name, $0.value) }
          + [
            (
              "related",
              .array(
                related.map { place in
                  .object(
                    Object([
                      ("file", .string(place.location.file)),
                      ("line", .integer(place.location.line)),
                      ("column", .integer(place.location.column)),
                      ("message", .string(place.message)),
                    ])
                  )
                }
              )
            )
          ]
      )
    )
  }
}
