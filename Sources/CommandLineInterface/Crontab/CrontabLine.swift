import Reports

/// A line of a crontab that runs one sync.
struct CrontabLine {
  let sync: String
  /// Five fields, as cron takes them.
  let schedule: String
  /// Absolute path of the project's folder.
  let directory: String
  /// The environment to name; nil for none.
  let environment: String?

  /// What is run, for a shell.
  var command: String {
    let executable = ProcessEnvironment.executable ?? "sluice"
    let call = "\(ShellWord.quoted(executable)) -C \(ShellWord.quoted(directory))"
    let named = environment.map { " --env \($0)" } ?? ""
    return call + named + " run \(sync) --if-running skip --quiet"
  }

  /// The line itself; in a crontab `%` ends the command, unless a backslash is in front of it.
  var text: String {
    let command = command.split(separator: "%", omittingEmptySubsequences: false)
    return "\(schedule) \(command.joined(separator: "\\%"))"
  }

  /// As a document has it.
  var reported: CrontabReport.Line {
    CrontabReport.Line(sync: sync, schedule: schedule, command: command)
  }
}
