import Arguments
import CBuild
import Connections
import Reports

/// The command `sluice version`.
enum VersionCommand: SluiceCommand {
  typealias Report = VersionReport

  static let command = Command(
    "version",
    "Show the version",
    discussion: """
      Shows the version of Sluice, the commit it was built of, and the versions of the libraries \
      that it uses.
      """,
    examples: [Example("sluice version --output json", "for programs")]
  )

  static func run(_ context: CommandContext) -> ExitCode { run(context.console) }

  /// Says the version, also for `--version`.
  static func run(_ console: Console) -> ExitCode {
    let report = report
    for (name, value) in [("sluice", report.version), ("commit", report.commit)] {
      console.result("\(name) \(value ?? "unknown")")
    }
    for library in report.libraries { console.result("\(library.name) \(library.version)") }
    console.result(report)
    return .done
  }

  /// What this program is made of.
  static var report: VersionReport {
    let commit = String(cString: sluice_commit())
    return VersionReport(
      CommandLineInterface.version,
      commit: commit.isEmpty ? "unknown" : commit,
      libraries: LibraryVersions.all.map { .init($0.name, version: $0.version) }
    )
  }
}
