public import Settings
public import Values

/// A row that was not delivered.
public struct UndeliveredRow: Sendable, Hashable {
  /// Why it was not.
  public var kind: ProblemKind
  /// What happened to the row, nil if it identifies none.
  public var change: Change?
  /// Its primary key as text; nil if that is NULL.
  public var row: String?
  /// What is wrong and where, the same for every row with this fault.
  public var reason: String
  /// What differs from row to row; nil if nothing does.
  public var detail: String?
  /// Its values, if they were asked for and are kept.
  public var columns: [ColumnReport]

  /// Describes a row.
  public init(
    kind: ProblemKind,
    change: Change?,
    row: String?,
    reason: String,
    detail: String?,
    columns: [ColumnReport] = []
  ) {
    self.kind = kind
    self.change = change
    self.row = row
    self.reason = reason
    self.detail = detail
    self.columns = columns
  }

  /// Reason and detail.
  public var text: String { detail.map { "\(reason) (\($0))" } ?? reason }

  /// Whether it belongs to `group`.
  public func belongs(to group: ProblemGroup) -> Bool {
    kind == group.kind && reason == group.reason
  }

  /// The entry of the document's list `rows`.
  var json: Value {
    .object([
      ("row", .optional(row)), ("change", .optional(change?.rawValue)),
      ("outcome", .string(kind.rawValue)), ("reason", .string(reason)),
      ("detail", .optional(detail)), ("columns", .array(columns.map(\.json))),
    ])
  }
}

/// The rows that a sync could not deliver, as the latest run that judged them left it.
public struct ErrorsReport: CommandReport {
  /// Name of the sync.
  public var sync: String?
  /// The latest run that judged its rows; nil before the first.
  public var run: RunRecord?
  /// The last run, if it ended before it had judged any.
  public var endedEarly: RunRecord?
  /// All of them by reason, most rows first.
  public var problems: [ProblemGroup]
  /// Those that are kept.
  public var rows: [UndeliveredRow]
  /// The reasons of the last runs, where more than the latest was asked for.
  public var history: [RecurringProblem] = []

  /// Lists what `run` could not deliver.
  ///
  /// A run that was killed has not counted its problems: they follow from `rows`.
  public init(
    sync: String,
    run: RunRecord? = nil,
    endedEarly: RunRecord? = nil,
    rows: [UndeliveredRow] = []
  ) {
    self.sync = sync
    self.run = run
    self.endedEarly = endedEarly
    let counted = run?.problems ?? []
    problems = counted.isEmpty ? Self.grouped(rows) : counted
    self.rows = rows
  }

  /// Nothing is known.
  public init() {
    problems = []
    rows = []
  }

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("sync", .optional(sync)), ("run", .optional(run?.id)),
      ("last_run", endedEarly?.json ?? .null),
      ("problems", .array(problems.map(\.json))), ("rows", .array(rows.map(\.json))),
      ("history", .array(history.map(\.json))),
    ]
  }

  private static func grouped(_ rows: [UndeliveredRow]) -> [ProblemGroup] {
    var groups: [ProblemGroup] = []
    for row in rows {
      if let index = groups.firstIndex(where: { row.belongs(to: $0) }) {
        groups[index].rows += 1
      } else {
        groups.append(ProblemGroup(kind: row.kind, reason: row.reason, rows: 1, first: row.row))
      }
    }
    return groups.sorted { $0.rows > $1.rows }
  }
}
