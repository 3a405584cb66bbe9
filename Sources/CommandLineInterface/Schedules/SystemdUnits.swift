import Settings
import Text

/// The units that let systemd start a project's runs: a service and a timer for each schedule.
struct SystemdUnits {
  let project: ProjectSettings
  /// Absolute path of the project's folder, without symbolic links.
  let directory: String
  /// What names of units begin with.
  let name: String
  /// Absolute path of the program.
  let executable: String
  /// Who runs it; nil for root.
  let user: String?
  /// Longest delay after an instant of a schedule; nil for none.
  let jitter: Duration?

  /// The first line of every unit: whose it is.
  var mark: String { ScheduleFile.mark(directory, environment: project.environment) }

  /// The units of `commands`.
  func files(_ commands: [ScheduledCommand]) -> [ScheduleFile] {
    commands.flatMap { command in
      let base = "\(name)-\(command.slug)"
      return [
        ScheduleFile(name: "\(base).service", text: service(command)),
        ScheduleFile(name: "\(base).timer", text: timer(command)),
      ]
    }
  }

  private func service(_ command: ScheduledCommand) -> String {
    let words = command.words(in: directory, environment: project.environment)
    // In commands a dollar begins a variable.
    let call = ([executable] + words).map { word in
      Self.word(word).split(separator: "$", omittingEmptySubsequences: false)
        .joined(separator: "$$")
    }.joined(separator: " ")
    let credentials = project.variables.credentials.map {
      "LoadCredential=\($0):/etc/credstore/\($0)"
    }
    let lines =
      [
        mark, "[Unit]", "Description=Sluice: \(Self.specifiers(command.title))",
        "Wants=network-online.target", "After=network-online.target", "", "[Service]",
        "Type=oneshot", "ExecStart=\(call)",
      ]
      // Done, but some rows were rejected or invalid: alerts and `sluice errors` tell of them.
      + ["SuccessExitStatus=2", "KillMode=mixed", "TimeoutStopSec=2min"]
      + (user.map { ["User=\(Self.specifiers($0))"] } ?? []) + credentials + hardening
    return lines.map { $0 + "\n" }.joined()
  }

  private func timer(_ command: ScheduledCommand) -> String {
    let instants = command.times.calendarExpressions(timezone: project.timezone)
    let delay = jitter.map {
      ["RandomizedDelaySec=\(DurationText.text($0))", "FixedRandomDelay=true"]
    }
    let lines =
      [
        mark, "[Unit]",
        "Description=Sluice: \(Self.specifiers(command.title)), at \(command.schedule)", "",
        "[Timer]",
      ] + instants.map { "OnCalendar=\($0)" } + (delay ?? [])
      + ["AccuracySec=1s", "Persistent=true", "", "[Install]", "WantedBy=timers.target"]
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: - Hardening

  private var hardening: [String] {
    let paths = writablePaths.map { "ReadWritePaths=\(Self.word($0))" }
    // Some interpreters of programs for secrets write code into memory.
    let memory = project.variables.hasCommands ? [] : ["MemoryDenyWriteExecute=yes"]
    let homes = (writablePaths + [directory, executable]).contains { path in
      ["/home/", "/root/"].contains { (path + "/").hasPrefix($0) }
    }
    return [
      "UMask=0077", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict",
      "ProtectHome=\(homes ? "read-only" : "yes")",
    ] + paths
      + [
        "PrivateTmp=yes", "PrivateDevices=yes", "ProtectClock=yes", "ProtectControlGroups=yes",
        "ProtectHostname=yes", "ProtectKernelLogs=yes", "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes", "ProtectProc=invisible", "LockPersonality=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "RestrictNamespaces=yes",
        "RestrictRealtime=yes", "RestrictSUIDSGID=yes", "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service",
      ] + memory
  }

  /// Folders that a run writes to: those of the states, of the metrics, and of SQLite's databases,
  /// beside which it keeps its log.
  private var writablePaths: [String] {
    let databases = project.sources.sorted { $0.key < $1.key }.compactMap { source -> String? in
      switch source.value {
      case .sqlite(let path, _, _, _): Self.folder(of: path)
      case .postgres: nil
      }
    }
    let metrics = project.metrics?.textfile.map { Self.folder(of: $0) }
    var paths: [String] = []
    for path in [project.sharedStateDirectory] + databases + [metrics].compactMap(\.self) {
      // The project's folder is there; one below it may not be, and then the service could not start.
      let isInside = path == directory || path.hasPrefix(directory + "/")
      let path = isInside ? directory : path
      if !paths.contains(path) { paths.append(path) }
    }
    return paths
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  // MARK: - Escapes

  /// One word of a line, in quotes if it needs them (systemd.syntax(7), systemd.service(5)).
  private static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/._-+:,@".utf8.contains(byte)
    }
    if isPlain, !text.isEmpty { return text }
    var result = ""
    for character in specifiers(text) {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      default: result.append(character)
      }
    }
    return "\"\(result)\""
  }

  /// `%` begins a specifier.
  private static func specifiers(_ text: String) -> String {
    text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }
}
