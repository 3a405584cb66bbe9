import Arguments
import Messages
import Settings
import Snapshot
import Values

/// The command `sluice errors`.
enum ErrorsCommand: SluiceCommand {
  private static let showValues = Option("show-values", "Show the values of the rows as well")

  static let command = Command(
    "errors",
    "Show the rows that the last run could not deliver, with the reasons",
    discussion: """
      Invalid rows have no key of their own, rejected ones cannot be made messages or are refused \
      by the broker, failed ones were in a batch that could not be sent. Every run tries them \
      again. At most 1,000 of a kind are kept with their values; all are counted.
      """,
    arguments: [.sync],
    options: [showValues],
    examples: [Example("sluice errors customers --show-values", "with the rows themselves")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync()
    let session = try SyncSession(project, sync)
    let state = try session.state()
    guard let last = try await state.runs(limit: 1).first else { return .done }
    let problems = try await state.problems(run: last.number)
    let shapes = try await state.shapes()
    let showsValues = context.arguments.has(showValues)
    let rows = problems.map { problem -> [(name: String, json: String)] in
      guard showsValues, let line = problem.line, let shape = problem.shape.flatMap({ shapes[$0] })
      else { return [] }
      return RowText.columns(of: line, shape)
    }
    if context.console.writesJSON {
      context.console.result(json: .array(zip(problems, rows).map(value)))
      return .done
    }
    if problems.isEmpty {
      context.console.summary("\(session.sync.name): no errors in the last run")
      return .done
    }
    for (problem, columns) in zip(problems, rows) {
      let change = problem.change.map { "\($0.rawValue) " } ?? ""
      let key = problem.key.map { "row \($0)" } ?? "row without a key"
      context.console.result("\(problem.kind.rawValue): \(change)\(key): \(problem.reason)")
      for column in columns { context.console.result("    \(column.name): \(column.json)") }
    }
    return .done
  }

  private static func value(_ problem: Problem, _ columns: [(name: String, json: String)]) -> Value
  {
    .object(
      Object([
        ("kind", .string(problem.kind.rawValue)), ("change", .optional(problem.change?.rawValue)),
        ("key", .optional(problem.key)), ("reason", .string(problem.reason)),
        (
          "row",
          columns.isEmpty
            ? .null : .object(Object(columns.map { ($0.name, RowText.value($0.json)) }))
        ),
      ])
    )
  }
}
