import Arguments
import Configuration
import Reports

/// The command `sluice schema`.
enum SchemaCommand: SluiceCommand {
  typealias Report = TextReport

  private static let kinds = Configuration.SchemaKind.allCases.map(\.rawValue)

  private static let write = Option(
    "write",
    "Write all of them into the project, where its files name them"
  )

  static let command = Command(
    "schema",
    "Print a JSON Schema of a project's files",
    discussion: """
      An editor that knows JSON Schema completes keys, explains them, and marks wrong ones while you \
      type. The schemas are made from the keys that Sluice itself reads: config is sluice.yml, sync \
      is syncs/NAME.yml, test is syncs/NAME.test.yml, model is the front matter of models/NAME.sql, \
      environment is sluice.NAME.yml. What one key says about another only 'sluice check' knows.

      'sluice init' writes them into the folder .schema, and the files that it makes name them in \
      their first line, which the YAML language server reads. After an upgrade --write writes them \
      again.
      """,
    arguments: [
      Argument("KIND", kinds.joined(separator: ", "), count: .optional, completion: .words(kinds))
    ],
    options: [write],
    examples: [
      Example("sluice schema config", "the schema of sluice.yml"),
      Example("sluice schema --write", "all of them, into .schema"),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    let name = context.arguments.arguments.first
    if context.arguments.has(write) {
      if name != nil { throw CommandFailure(.usage, "--write writes all schemas: leave out KIND") }
      return try writeAll(context)
    }
    guard let kind = name.flatMap(Configuration.SchemaKind.init) else {
      let problem = name.map { "unknown schema '\($0.printable)'" } ?? "KIND is missing"
      let hint = "there are \(kinds.joined(separator: ", "))"
      throw CommandFailure(.usage, problem, hint: hint)
    }
    context.console.result(text: ProjectSchema.text(of: kind))
    return .done
  }

  private static func writeAll(_ context: CommandContext) throws(CommandFailure) -> ExitCode {
    let writer = ProjectWriter(directory: try context.projectDirectory())
    for file in ProjectSchema.files {
      try writer.write(file)
      context.console.summary("Wrote \(file.path)")
    }
    return .done
  }
}
