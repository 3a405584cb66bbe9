import Arguments
import Configuration
import Reports
import Settings

/// The command `sluice new`.
enum NewCommand: SluiceCommand {
  typealias Report = ProjectReport

  private static let source = Option(
    "source",
    value: .text("NAME"),
    "The source of the project; needed where it has several"
  )
  private static let destination = Option(
    "destination",
    value: .text("NAME"),
    "The destination of the project; without it the one that other syncs have"
  )

  static let command = Command(
    "new",
    "Write one more sync for a table",
    discussion: """
      Writes models/SYNC.sql and syncs/SYNC.yml into the project. The primary key and the columns \
      are taken from the database's catalogue, where it can be asked. No file is ever overwritten.
      """,
    arguments: [Argument("SYNC", "Name of the new sync, and of its model and topic")],
    options: [.table, .key, source, destination],
    examples: [
      Example("sluice new orders --table sales.orders", "a sync of that table"),
      Example("sluice new lines --table 'Order Details' --key order_id,line", "names the key too"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let arguments = context.arguments
    let name = arguments.arguments.first ?? ""
    guard let table = arguments.value(of: .table) else {
      throw CommandFailure(.usage, "--table is missing", hint: "sluice new \(name) --table TABLE")
    }
    guard TableName(schema: nil, name: name).fileName == name else {
      throw CommandFailure(
        .usage,
        "'\(name.printable)' cannot be the name of a sync",
        hint: "take letters, digits, '_' and '-'"
      )
    }
    let project = try context.load(
      Configuration.Scope(.syncs(names: [name], tags: []), connects: .all)
    ).project
    let sourceName = try pick(
      arguments.value(of: source),
      kind: "source",
      names: project.sources.keys.sorted()
    )
    guard let settings = project.sources[sourceName] else { return .configuration }
    let draft = try await TableDraft.make(
      table,
      key: try arguments.value(of: .key).map(TableDraft.columns),
      of: settings
    ) { context.console.log(LogEvent(.warning, name: "source-not-asked", message: $0)) }
    let writer = ProjectWriter(directory: project.directory)
    // A line that names a schema which is not there is an error in every editor.
    let line = writer.has(ProjectSchema.path(of: .sync)) ? ProjectSchema.line(for: .sync) : ""
    let destination = try chosen(arguments, project)
    let sync = line + ProjectTemplate.sync(name: name, destination: destination)
    let files = [
      ProjectTemplate.File(
        path: "models/\(name).sql",
        content: .text(draft.model(source: project.sources.count > 1 ? sourceName : nil))
      ),
      ProjectTemplate.File(path: "syncs/\(name).yml", content: .text(sync)),
    ]
    try writer.checkNothingIsThere(files, hint: "take another name: sluice new NAME --table …")
    for file in files { try writer.write(file) }
    let paths = files.map(\.path)
    context.console.result(
      ProjectReport(directory: project.directory, sync: name, files: paths)
    )
    say(paths, name: name, context: context)
    return .done
  }

  private static func pick(
    _ typed: String?,
    kind: String,
    names: [String]
  ) throws(CommandFailure) -> String {
    let list = "there are \(names.joined(separator: ", "))"
    if let typed {
      if names.contains(typed) { return typed }
      throw CommandFailure(
        .usage,
        "unknown \(kind) '\(typed.printable)'",
        kind: .unknownName,
        hint: list
      )
    }
    if names.count == 1, let only = names.first { return only }
    throw CommandFailure(.usage, "the project has several: name one with --\(kind)", hint: list)
  }

  /// The destination to write down; nil if the project has only one.
  private static func chosen(
    _ arguments: ParsedCommand,
    _ project: ProjectSettings
  ) throws(CommandFailure) -> String? {
    let names = project.destinations.keys.sorted()
    let others = Set(project.syncs.map(\.destination.value))
    let typed = arguments.value(of: destination)
    if typed == nil, names.count == 1 { return nil }
    return try pick(
      typed ?? (others.count == 1 ? others.first : nil),
      kind: "destination",
      names: names
    )
  }

  private static func say(_ files: [String], name: String, context: CommandContext) {
    let console = context.console
    let place = context.arguments.value(of: .project).map { " -C \(ShellWord.quoted($0))" } ?? ""
    for file in files { console.summary("Wrote \(file)") }
    console.summary("", "Next:", "  sluice\(place) plan \(name)", "  sluice\(place) run \(name)")
  }
}

/// Options of the commands that write a sync for a table.
extension Option {
  /// The option `--table TABLE`.
  static let table = Option(
    "table",
    value: .text("TABLE"),
    "The table whose rows are sent: orders, sales.orders or 'Order Details'"
  )
  /// The option `--key COLUMN,…`.
  static let key = Option(
    "key",
    value: .text("COLUMN,…"),
    "The columns that identify a row; without it the table's primary key"
  )
}
