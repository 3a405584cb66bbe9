import Arguments
import SQLite
import Values

/// The command `sluice init`.
enum InitCommand: SluiceCommand {
  private static let source = Option(
    "source",
    value: .text("URL"),
    "A postgresql:// URI or the path of a SQLite database, in place of the example's"
  )
  private static let brokers = Option(
    "brokers",
    value: .text("HOST:PORT,…"),
    "A Kafka cluster, in place of the embedded broker"
  )
  private static let table = Option(
    "table",
    value: .text("TABLE"),
    "The table whose rows are sent; needed with --source"
  )
  private static let key = Option(
    "key",
    value: .text("COLUMN"),
    "The primary key of the table; id unless you say otherwise"
  )

  static let command = Command(
    "init",
    "Make a project that runs",
    discussion: """
      Without options it is an example: a small SQLite database of customers, and a Kafka broker \
      inside the process, so that nothing has to be installed. With --source, --table and \
      --brokers it is a project for that database and cluster.

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
    options: [source, brokers, table, key],
    examples: [
      Example("sluice init demo && sluice -C demo run", "makes the example and runs it"),
      Example(
        "sluice init --source postgresql://localhost/shop --table orders --brokers localhost:9092",
        "a project for a table of yours"
      ),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    let directory = context.absolute(
      context.arguments.arguments.first ?? context.arguments.value(of: .project) ?? "."
    )
    let variable = ProjectTemplate.variable(for: directory)
    let files = try projectFiles(context.arguments, variable)
    let writer = ProjectWriter(directory: directory)
    try writer.checkNothingIsThere(files)
    for file in files { try writer.write(file) }
    report(files, directory, context)
    if files.contains(where: \.isSecret), context.environment[variable] != nil {
      context.console.log(
        LogEvent(
          .warning,
          "variable-set",
          "\(variable) is set in this shell: there its value wins over the one in .env"
        )
      )
    }
    return .done
  }

  private static func projectFiles(
    _ arguments: ParsedCommand,
    _ variable: String
  ) throws(CommandFailure) -> [ProjectTemplate.File] {
    let given = [source, table].filter(arguments.has)
    if given.isEmpty {
      guard !arguments.has(key) else {
        throw CommandFailure(.usage, "--key needs --source and --table")
      }
      return ProjectTemplate.example(brokers: arguments.value(of: brokers))
    }
    guard let url = arguments.value(of: source), let name = arguments.value(of: table) else {
      throw CommandFailure(.usage, "--source and --table belong together")
    }
    let template = ProjectTemplate(
      source: url,
      table: name,
      key: arguments.value(of: key) ?? "id",
      brokers: arguments.value(of: brokers),
      variable: variable
    )
    return try template.files()
  }

  private static func report(
    _ files: [ProjectTemplate.File],
    _ directory: String,
    _ context: CommandContext
  ) {
    let console = context.console
    if console.writesJSON {
      let paths = files.map { Value.string($0.path) }
      console.result(
        json: .object(Object([("directory", .string(directory)), ("files", .array(paths))]))
      )
      return
    }
    let isHere = directory == context.currentDirectory
    let place = isHere ? "" : " -C \(context.arguments.arguments.first ?? directory)"
    console.summary("Made a project in \(directory.printable):")
    for file in files { console.summary("  \(file.path)") }
    console.summary("", "Next:", "  sluice\(place) check", "  sluice\(place) run")
  }
}
