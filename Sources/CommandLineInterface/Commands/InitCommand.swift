import Arguments
import Configuration
import Reports
import Settings

/// The command `sluice init`.
enum InitCommand: SluiceCommand {
  typealias Report = ProjectReport

  private static let source = Option(
    "source",
    value: .text("URL"),
    "A postgresql:// URI, 'host=… dbname=…' or the path of a SQLite file, not the example's"
  )
  private static let brokers = Option(
    "brokers",
    value: .text("HOST:PORT,…"),
    "A Kafka cluster, in place of the embedded broker"
  )
  static let command = Command(
    "init",
    "Make a project that runs",
    discussion: """
      Without options it is an example: a small SQLite database of customers, and a Kafka broker \
      inside the process, so that nothing has to be installed. With --source, --table and \
      --brokers it is a project for that database and cluster; the primary key and the columns are \
      taken from the database's catalogue, where it can be asked.

      No file is ever overwritten.
      """,
    arguments: [
      Argument(
        "DIR",
        "The folder; without it the current one",
        count: .optional,
        completion: .folders
      )
    ],
    options: [source, brokers, .table, .key],
    examples: [
      Example("sluice init demo && sluice -C demo run", "makes the example and runs it"),
      Example(
        "sluice init --source postgresql://localhost/shop --table orders --brokers localhost:9092",
        "a project for a table of yours"
      ),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let directory = context.absolute(
      context.arguments.arguments.first ?? context.arguments.value(of: .project) ?? "."
    )
    let variable = ProjectTemplate.variable(for: directory)
    let files = try await projectFiles(context, directory: directory, variable: variable)
    let writer = ProjectWriter(directory: directory)
    try writer.checkNothingIsThere(files)
    for file in files { try writer.write(file) }
    report(files, directory: directory, context: context)
    if files.contains(where: \.isSecret), context.environment[variable] != nil {
      context.console.log(
        LogEvent(
          .warning,
          name: "variable-set",
          message: "\(variable) is set in this shell: there its value wins over the one in .env"
        )
      )
    }
    return .done
  }

  private static func projectFiles(
    _ context: CommandContext,
    directory: String,
    variable: String
  ) async throws -> [ProjectTemplate.File] {
    let arguments = context.arguments
    if ![source, .table].contains(where: arguments.has) {
      guard !arguments.has(.key) else {
        throw CommandFailure(.usage, "--key needs --source and --table")
      }
      return ProjectTemplate.example(brokers: arguments.value(of: brokers))
    }
    guard let text = arguments.value(of: source), let table = arguments.value(of: .table) else {
      throw CommandFailure(.usage, "--source and --table belong together")
    }
    let settings = try settings(of: text, context)
    context.console.hide(settings.secrets)
    let draft = try await TableDraft.make(
      table,
      key: try arguments.value(of: .key).map(TableDraft.columns),
      of: settings
    ) { context.console.log(LogEvent(.warning, name: "source-not-asked", message: $0)) }
    return ProjectTemplate(
      source: written(text, settings: settings, directory: directory),
      draft: draft,
      brokers: arguments.value(of: brokers),
      variable: variable
    ).files()
  }

  private static func settings(
    of text: String,
    _ context: CommandContext
  ) throws(CommandFailure) -> SourceSettings {
    do throws(Configuration.TypedSourceFailure) {
      return try Configuration.source(typed: text, in: context.currentDirectory)
    } catch {
      throw CommandFailure(.usage, "--source: \(error.message)", hint: error.hint)
    }
  }

  /// The source as the project has it: a path from its own folder, where the file is in there.
  private static func written(
    _ text: String,
    settings: SourceSettings,
    directory: String
  ) -> ProjectTemplate.Source {
    guard case .sqlite(let path, _, _, _) = settings else { return .postgres(text) }
    let isInside = path.hasPrefix(directory + "/")
    return .sqlite(path: isInside ? String(path.dropFirst(directory.count + 1)) : path)
  }

  private static func report(
    _ files: [ProjectTemplate.File],
    directory: String,
    context: CommandContext
  ) {
    let console = context.console
    let paths = files.map(\.path)
    let sync = paths.first { $0.hasPrefix("syncs/") }.map { String($0.dropFirst(6).dropLast(4)) }
    console.result(ProjectReport(directory: directory, sync: sync, files: paths))
    let isHere = directory == context.currentDirectory
    let folder = context.arguments.arguments.first ?? directory
    let place = isHere ? "" : " -C \(ShellWord.quoted(folder))"
    console.summary("Made a project in \(directory.printable):")
    for file in files where !file.isReplaced { console.summary("  \(file.path)") }
    console.summary("  .schema/   for editors that know JSON Schema")
    // A cluster may need a login, which only trying it tells.
    let check = context.arguments.has(brokers) ? "check --connect" : "check"
    console.summary("", "Next:", "  sluice\(place) \(check)", "  sluice\(place) run")
  }
}
