import Arguments
import Configuration
import Reports

/// The command `sluice dbt exposures`.
enum DbtExposuresCommand: SluiceCommand {
  typealias Report = TextReport

  private static let write = Option(
    "write",
    value: .text("FILE", completion: .files),
    "Write into this file, as in dbt/models/sluice.yml, instead of standard output"
  )
  private static let owner = Option(
    "owner",
    value: .text("NAME"),
    "Who answers for the messages; default: sluice"
  )
  private static let email = Option("email", value: .text("ADDRESS"), "The owner's address")

  static let command = Command(
    "dbt exposures",
    "Write the exposures file of dbt",
    discussion: """
      dbt then shows in its lineage which models are delivered as messages, and \
      'dbt build --select +exposure:sluice_NAME' builds what the sync NAME needs. There is an \
      exposure for each sync with 'model: {dbt: NAME}'. The same project gives the same bytes, so \
      that the file can be committed and compared.
      """,
    options: [write, owner, email],
    examples: [
      Example("sluice dbt exposures", "shows the file"),
      Example(
        "sluice dbt exposures --owner 'CRM team' --write dbt/models/sluice.yml",
        "writes it where dbt reads it"
      ),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    let (project, _) = try context.load(.everything)
    let text = try DbtExposures(
      project: project,
      owner: context.arguments.value(of: owner) ?? "sluice",
      email: context.arguments.value(of: email)
    ).text()
    guard let path = context.arguments.value(of: write) else {
      context.console.result(text: String(text.dropLast()))
      return .done
    }
    let file = ProjectTemplate.File(path: path, content: .text(text), isReplaced: true)
    try ProjectWriter(directory: path.hasPrefix("/") ? "" : context.currentDirectory).write(file)
    context.console.summary("Wrote \(path)")
    context.console.result(TextReport(text))
    return .done
  }
}
