public import Values

/// One reason why rows were not delivered, over the last runs of a sync.
public struct RecurringProblem: Sendable, Hashable {
  /// Why rows were not.
  public var kind: ProblemKind
  /// What is wrong and where.
  public var reason: String
  /// In how many of the runs.
  public var runs: Int
  /// How many rows in the last of them.
  public var rows: Int
  /// Primary key of the first row in the last of them; nil if that has none.
  public var first: String?
  /// When the first of them began, in microseconds since 1970.
  public var since: Int
  /// When the last of them began, in microseconds since 1970.
  public var until: Int

  /// The reasons of `runs`, the latest first: those of the latest runs first, then by rows.
  public static func list(_ runs: [RunRecord]) -> [RecurringProblem] {
    var found: [RecurringProblem] = []
    for run in runs {
      for group in run.problems {
        let index = found.firstIndex { $0.kind == group.kind && $0.reason == group.reason }
        guard let index else {
          found.append(
            RecurringProblem(
              kind: group.kind,
              reason: group.reason,
              runs: 1,
              rows: group.rows,
              first: group.first,
              since: run.startedAt,
              until: run.startedAt
            )
          )
          continue
        }
        found[index].runs += 1
        found[index].since = run.startedAt
      }
    }
    return found
  }

  /// The entry of the list `history`.
  public var json: Value {
    .object([
      ("outcome", .string(kind.rawValue)), ("reason", .string(reason)), ("runs", .integer(runs)),
      ("rows", .integer(rows)), ("first", .optional(first)),
      ("since", .string(ReportTime.utc(microseconds: since))),
      ("until", .string(ReportTime.utc(microseconds: until))),
    ])
  }
}
