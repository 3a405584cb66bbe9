import Arguments
import Configuration
import Sync
import Liquid
import Messages
import Reports
import Rows
import Settings

/// The command `sluice render`.
enum RenderCommand: SluiceCommand {
  typealias Report = RenderReport

  private static let template = Option(
    "template",
    value: .text("TEXT"),
    "The template itself, instead of a file"
  )
  private static let data = Option(
    "data",
    value: .text("FILE", completion: .files),
    "Render over the JSON or JSON lines in a file, - for standard input"
  )
  private static let model = Option(
    "model",
    value: .text("MODEL"),
    "Render over rows of a model"
  )
  private static let limit = Option(
    "limit",
    value: .integer("N", 1...Int.max),
    "Render at most so many; of a model 10 where nothing is said"
  )
  private static let mode = Option(
    "mode",
    value: .choice("MODE", ["json", "text"]),
    "json as for a message, the default, or text as for a topic, key or header"
  )
  private static let partials = Option(
    "partials",
    value: .text("DIR", completion: .folders),
    "The folder of partials; without it 'templates' of the project"
  )

  static let command = Command(
    "render",
    "Render a template over data or rows of a model",
    discussion: """
      An object in the data is the row, unless it has a member 'row' or 'previous': then its members \
      are the variables. An array, and a file with one value a line, is rendered one by one. Rows of \
      a model are rendered as added ones. In mode json the output must be JSON and is written in one \
      line, as it would be sent.

      It ends with 78 where the template is wrong, and with 1 where it fails over some of the data; \
      the others are rendered all the same.
      """,
    arguments: [
      Argument(
        "FILE",
        "The template's file, - for standard input",
        count: .optional,
        completion: .files
      )
    ],
    options: [template, data, model, limit, mode, partials],
    examples: [
      Example("sluice render body.liquid --data row.json", "over one row in a file"),
      Example(
        "sluice render --template '{{ row.email }}' --mode text --model customers --limit 3",
        "over three rows of the database"
      ),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let source = try templateSource(context)
    let session = RenderSession(
      context: context,
      source: source,
      mode: context.arguments.value(of: mode) == "text" ? .text : .json,
      partials: try partials(context)
    )
    let limit = context.arguments.value(of: limit).flatMap { Int($0) }
    switch (context.arguments.value(of: data), context.arguments.value(of: model)) {
    case (let path?, nil):
      if path == "-", context.arguments.arguments.first == "-" {
        throw CommandFailure(.usage, "standard input cannot be both template and data")
      }
      let input = try InputText(path: context.absolute(path), name: path)
      return try session.render(RenderDocuments(input), limit: limit ?? .max)
    case (nil, let name?): return try await session.render(model: name, limit: limit ?? 10)
    case (nil, nil):
      throw CommandFailure(
        .usage,
        "there is nothing to render over",
        hint: "name JSON with --data FILE, or a model with --model MODEL"
      )
    case (_?, _?): throw CommandFailure(.usage, "--data and --model exclude each other")
    }
  }

  private static func templateSource(
    _ context: CommandContext
  ) throws(CommandFailure) -> RenderSession.Source {
    switch (context.arguments.arguments.first, context.arguments.value(of: template)) {
    case (let path?, nil):
      let input = try InputText(path: context.absolute(path), name: path)
      return RenderSession.Source(name: input.name, text: try input.text())
    case (nil, let text?): return RenderSession.Source(name: "template", text: text)
    case (nil, nil):
      throw CommandFailure(
        .usage,
        "the template is missing",
        hint: "name its file, - for standard input, or write --template TEXT"
      )
    case (_?, _?): throw CommandFailure(.usage, "a file and --template exclude each other")
    }
  }

  private static func partials(_ context: CommandContext) throws(CommandFailure) -> Partials? {
    let named = context.arguments.value(of: partials)
    let directory =
      named == nil
      ? context.knownProjectDirectory ?? context.currentDirectory
      : context.currentDirectory
    let folder = named ?? Partials.folderDefault
    if named == nil, !Partials.isFolder(folder, in: directory) { return nil }
    let partials = Partials(folder: folder, directory: directory)
    for diagnostic in partials.diagnostics { context.console.report(diagnostic) }
    if !partials.diagnostics.isEmpty { throw CommandFailure(reported: .configuration) }
    return partials
  }
}
