import Arguments
import Settings
import Values

/// The command `sluice crontab`.
enum CrontabCommand: SluiceCommand {
  static let command = Command(
    "crontab",
    "Write a crontab line for every sync with a schedule",
    discussion: """
      The lines go to standard output; what is installed already is left alone. They name the \
      executable and the project by their full paths, since cron has neither your folder nor your \
      environment: what the project needs from it belongs in .env.
      """,
    examples: [Example("(crontab -l; sluice crontab) | crontab -", "adds the lines to yours")]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    let project = try context.wholeProject()
    let entries = project.syncs.compactMap { sync in
      sync.schedule.map { Entry(sync: sync.name, schedule: $0.value, directory: project.directory) }
    }
    if context.console.writesJSON {
      context.console.result(json: .array(entries.map(\.json)))
      return .done
    }
    guard !entries.isEmpty else {
      context.console.log(LogEvent(.warning, "no-schedule", "no sync has a schedule"))
      return .done
    }
    var lines = ["# Sluice: \(project.directory.printable)"]
    if project.timezone != "UTC" {
      lines.append(
        "# cron takes these times in the system's time zone, not in \(project.timezone)."
      )
    }
    context.console.result(lines + entries.map(\.line))
    return .done
  }

  private struct Entry {
    let sync: String
    let schedule: String
    let directory: String

    var command: String {
      let executable = ProcessEnvironment.executable ?? "sluice"
      return "\(quoted(executable)) -C \(quoted(directory)) run \(sync) --quiet"
    }

    /// In a crontab `%` ends the command, unless a backslash stands before it.
    var line: String {
      let command = command.split(separator: "%", omittingEmptySubsequences: false)
      return "\(schedule) \(command.joined(separator: "\\%"))"
    }

    var json: Value {
      .object(
        Object([
          ("sync", .string(sync)), ("schedule", .string(schedule)), ("command", .string(command)),
        ])
      )
    }

    private func quoted(_ path: String) -> String {
      let isPlain = path.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || "/._-+".utf8.contains(byte)
      }
      if isPlain { return path }
      let parts = path.split(separator: "'", omittingEmptySubsequences: false)
      return "'" + parts.joined(separator: "'\\''") + "'"
    }
  }
}
