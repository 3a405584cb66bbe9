import Reports

/// A line of a crontab.
struct CrontabLine {
  private let scheduled: ScheduledCommand
  /// What is run, for a shell.
  let command: String

  /// The line that starts `scheduled` for the project in `directory`, an absolute path.
  init(
    _ scheduled: ScheduledCommand,
    directory: String,
    environment: String?,
    jitter: Duration?
  ) {
    self.scheduled = scheduled
    let words = scheduled.words(in: directory, environment: environment, jitter: jitter)
    command = ([ProcessEnvironment.executable ?? "sluice"] + words).map(ShellWord.quoted)
      .joined(separator: " ")
  }

  /// The line itself; in a crontab `%` ends the command, unless a backslash is in front of it.
  var text: String {
    let command = command.split(separator: "%", omittingEmptySubsequences: false)
    return "\(scheduled.schedule) \(command.joined(separator: "\\%"))"
  }

  /// As a document has it.
  var reported: CrontabReport.Line {
    CrontabReport.Line(syncs: scheduled.syncs, schedule: scheduled.schedule, command: command)
  }
}
