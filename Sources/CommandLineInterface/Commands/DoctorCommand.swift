import Arguments
import Configuration
import Reports
import Settings
import Sync

/// The command `sluice doctor`.
enum DoctorCommand: SluiceCommand {
  typealias Report = DoctorReport

  static let command = Command(
    "doctor",
    "Show what a bug report needs",
    discussion: """
      Shows versions, platform, limits of the process, the format of each state, and the keys of \
      the project's files with the kind of each value. Values, secrets and rows stay out of it; \
      names of sources, destinations, syncs, headers and columns are in it. Nothing is connected \
      to, no program is run, and nothing is written. It also works outside of a project and in \
      one with errors.
      """,
    examples: [
      Example("sluice doctor", "for people"),
      Example("sluice doctor --output json > doctor.json", "to attach to a report"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    var report = DoctorReport()
    report.version = VersionCommand.report
    report.stateFormat = StateReader.formatNumber
    Platform.describe(&report)
    if context.knownProjectDirectory != nil { try await describeProject(&report, context) }
    context.console.result(report)
    show(report, context.console)
    return .done
  }

  private static func describeProject(
    _ report: inout DoctorReport,
    _ context: CommandContext
  ) async throws {
    let name = try context.environmentName()
    let directory = try context.projectDirectory()
    let scope = Configuration.Scope(.syncs(names: [], tags: []), isOffline: true)
    let result = try context.loadProject(scope, environmentName: name, withTests: false)
    context.console.hide(result.settings?.secrets ?? [])
    report.environment = name
    report.errors = result.diagnostics.count { $0.severity == .error }
    report.files = Configuration.outlines(of: directory, environmentName: name).map { outline in
      DoctorReport.Outline(
        file: outline.file,
        keys: outline.keys.map { context.console.redacted($0).printable }
      )
    }
    guard let settings = result.settings else { return }
    for sync in settings.syncNames {
      let location = StateLocation(sync: sync, directory: settings.stateDirectory)
      report.states.append(await state(at: location, context.console))
    }
  }

  private static func state(
    at location: StateLocation,
    _ console: Console
  ) async -> DoctorReport.State {
    do throws(RunError) {
      let format = try await StateReader(location).format()
      return DoctorReport.State(sync: location.sync, format: format)
    } catch {
      return DoctorReport.State(sync: location.sync, problem: console.redacted(error.message))
    }
  }

  private static func show(_ report: DoctorReport, _ console: Console) {
    var table = Table([Table.Column("WHAT"), Table.Column("VALUE", isFlexible: true)])
    for (what, value) in machine(report) { table.append([what, value ?? "unknown"]) }
    for limit in report.limits {
      let values = [limit.soft, limit.hard].map { $0.map(String.init) ?? "unlimited" }
      table.append([limit.name, "\(values[0]), at most \(values[1])"])
    }
    table.append(["environment", report.environment ?? "none"])
    table.append(["errors in files", report.errors.map(String.init) ?? "no project here"])
    for state in report.states {
      let format = state.format.map { "format \($0)" } ?? "no state yet"
      table.append(["state of \(state.sync)", state.problem ?? format])
    }
    console.result(table)
    for file in report.files {
      console.result("\(file.file.printable):")
      for key in file.keys { console.result("  \(key)") }
    }
  }

  private static func machine(_ report: DoctorReport) -> [(String, String?)] {
    [("sluice", report.version.version), ("commit", report.version.commit)]
      + report.version.libraries.map { ($0.name, $0.version) }
      + [
        ("state format", report.stateFormat.map(String.init)), ("system", report.system),
        ("kernel", report.kernel), ("architecture", report.architecture),
        ("C library", report.systemLibrary), ("processors", report.processors.map(\.grouped)),
        ("memory", report.memoryBytes.map { "\(($0 >> 20).grouped) MiB" }),
      ]
  }
}
