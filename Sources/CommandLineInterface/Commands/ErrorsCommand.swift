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
      Grouped by reason, the most frequent first, with the keys of the first ten rows. \
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
    let groups = last.problems.isEmpty ? grouped(problems) : last.problems
    for group in groups {
      context.console.result("\(group.kind.rawValue): \(group.count): \(group.reason.printable)")
      let members = zip(problems, rows).filter { group.holds($0.0) }
      let shown = members.prefix(showsValues ? members.count : keysMax)
      for (problem, columns) in shown {
        context.console.result("  \(problem.rowText)")
        for column in columns { context.console.result("      \(column.name): \(column.json)") }
      }
      let rest = group.rows - shown.count
      if rest > 0 { context.console.result("  and \(rest.grouped) more") }
    }
    return .done
  }

  /// Keys of a group that are shown without `--show-values`.
  private static let keysMax = 10

  /// The groups of a run that did not live to count them.
  private static func grouped(_ problems: [Problem]) -> [ProblemGroup] {
    var groups: [ProblemGroup] = []
    for problem in problems {
      if let index = groups.firstIndex(where: { $0.holds(problem) }) {
        groups[index].rows += 1
      } else {
        groups.append(
          ProblemGroup(kind: problem.kind, reason: problem.reason, rows: 1, first: problem.key)
        )
      }
    }
    return groups.sorted { $0.rows > $1.rows }
  }

  private static func value(_ problem: Problem, _ columns: [(name: String, json: String)]) -> Value
  {
    .object(
      Object([
        ("kind", .string(problem.kind.rawValue)), ("change", .optional(problem.change?.rawValue)),
        ("key", .optional(problem.key)), ("reason", .string(problem.reason)),
        ("detail", .optional(problem.detail)),
        (
          "row",
          columns.isEmpty
            ? .null : .object(Object(columns.map { ($0.name, RowText.value($0.json)) }))
        ),
      ])
    )
  }
}

extension ProblemGroup {
  fileprivate func holds(_ problem: Problem) -> Bool {
    problem.kind == kind && problem.reason == reason
  }
}

extension Problem {
  /// The row in one line.
  fileprivate var rowText: String {
    let change = change.map { "\($0.rawValue) " } ?? ""
    let row = key.map { "row \($0)" } ?? "row without a key"
    return "\(change)\(row)\(detail.map { ": \($0)" } ?? "")".printable
  }
}
