import Arguments
import Configuration
import Glibc
import Reports
import Settings

/// The command `sluice schedule`.
enum ScheduleCommand: SluiceCommand {
  typealias Report = ScheduleReport

  private static let systemd = Option("systemd", "Write services and timers of systemd")
  private static let kubernetes = Option("kubernetes", "Write CronJobs of Kubernetes")
  private static let write = Option(
    "write",
    value: .text("DIR", completion: .folders),
    "Write the files into DIR instead of printing them"
  )
  private static let name = Option(
    "name",
    value: .checked("NAME", "a name of small letters, digits and '-'", isValid: isName),
    "What names of files begin with; 'sluice-' and the project's folder unless you say otherwise"
  )
  private static let image = Option(
    "image",
    value: .text("IMAGE"),
    "For Kubernetes: the image with the project in /project"
  )

  static let command = Command(
    "schedule",
    "Write what systemd or Kubernetes needs to run every sync with a schedule",
    discussion: """
      All syncs of one schedule are one service and timer, or one CronJob; a project with rules of \
      alerts has one more, which checks them. The files go to standard output, or with --write into \
      a folder. They begin with a line that names the project: files of others are never replaced, \
      and files of the project that are not needed any longer are named.

      Times are those of the project's time zone. Secrets are not written: systemd reads \
      ${credential:NAME} from /etc/credstore/NAME, Kubernetes reads variables and credentials from a \
      Secret that is called as the files begin.
      """,
    options: [systemd, kubernetes, write, name, image, .jitter],
    examples: [
      Example("sluice schedule --systemd", "shows the units"),
      Example(
        "sudo sluice schedule --systemd --write /etc/systemd/system",
        "writes them; then systemctl daemon-reload and systemctl enable --now NAME.timer"
      ),
      Example(
        "sluice schedule --kubernetes --image registry.example.com/crm:1",
        "shows manifests for kubectl apply -f -"
      ),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    let arguments = context.arguments
    guard arguments.has(systemd) != arguments.has(kubernetes) else {
      throw CommandFailure(.usage, "one of --systemd and --kubernetes is needed")
    }
    if arguments.has(systemd), arguments.has(image) {
      throw CommandFailure(.usage, "--image is for --kubernetes")
    }
    let project = try context.scheduledProject(isOffline: true)
    let commands = ScheduledCommand.all(of: project)
    if commands.isEmpty { context.console.warnOfNoSchedule() }
    let directory = try context.markedPath(project.directory)
    let jitter = arguments.value(of: .jitter).flatMap(DurationText.parse)
    let prefix = arguments.value(of: name) ?? Self.prefix(project)
    let files: [ScheduleFile]
    if arguments.has(systemd) {
      files = SystemdUnits(
        project: project,
        directory: directory,
        name: prefix,
        executable: ProcessEnvironment.executable ?? "/usr/bin/sluice",
        user: owner(of: directory),
        jitter: jitter
      ).files(commands)
    } else {
      files = try KubernetesManifests(
        project: project,
        directory: directory,
        name: prefix,
        image: arguments.value(of: image) ?? "sluice:\(CommandLineInterface.version)",
        jitter: jitter
      ).files(commands)
    }
    try show(files, context, mark: ScheduleFile.mark(directory, environment: project.environment))
    context.console.result(
      ScheduleReport(
        scheduler: arguments.has(systemd) ? "systemd" : "kubernetes",
        folder: arguments.value(of: write),
        files: files.map { ScheduleReport.File(name: $0.name, text: $0.text) }
      )
    )
    return .done
  }

  private static func show(
    _ files: [ScheduleFile],
    _ context: CommandContext,
    mark: String
  ) throws(CommandFailure) {
    let console = context.console
    guard let folder = context.arguments.value(of: write) else {
      let isYAML = context.arguments.has(kubernetes)
      for file in files {
        console.result(text: isYAML ? "---\n\(file.text)" : "# \(file.name)\n\(file.text)\n")
      }
      return
    }
    let path = folder.hasPrefix("/") ? folder : "\(context.currentDirectory)/\(folder)"
    let left = try ScheduleWriter(folder: path, mark: mark).write(files)
    for file in files { console.summary("wrote \(file.name)") }
    for name in left {
      console.log(
        LogEvent(
          .warning,
          name: "schedule-left",
          message: "\(folder)/\(name) is not needed any longer: stop what it starts, and delete it"
        )
      )
    }
  }

  /// `sluice-`, the folder's name and that of the environment, in letters that units and clusters
  /// allow.
  private static func prefix(_ project: ProjectSettings) -> String {
    let folder = project.directory.split(separator: "/").last.map(String.init) ?? "project"
    let words = [folder] + (project.environment.map { [$0] } ?? [])
    let letters = words.joined(separator: "-").lowercased().unicodeScalars.map { scalar in
      ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
    }
    var text = Substring(String(letters).prefix(24))
    while text.last == "-" { text.removeLast() }
    while text.first == "-" { text.removeFirst() }
    return text.isEmpty ? "sluice" : "sluice-\(text)"
  }

  private static func isName(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
    }
    return isPlain && (1...40).contains(text.utf8.count) && text.first != "-" && text.last != "-"
  }

  /// The name of the folder's owner, who writes its states; nil for root.
  private static func owner(of directory: String) -> String? {
    var status = stat()
    guard stat(directory, &status) == 0, status.st_uid != 0 else { return nil }
    // Called before anything else runs: nobody else uses the buffer.
    guard let entry = getpwuid(status.st_uid) else { return String(status.st_uid) }
    return String(cString: entry.pointee.pw_name)
  }
}
