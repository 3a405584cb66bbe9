internal import Settings

public import Reports

extension StateFile {
  /// Notes that a run begins, and returns its number.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func beginRun(id: String, command: String, startedAt: Int) throws(StateError) -> Int {
    let number = try database.next("run")
    let statement = try database.prepare(
      "INSERT INTO run (number, id, command, started_at) VALUES (?, ?, ?, ?)"
    )
    statement.bind(1, number)
    statement.bind(2, id)
    statement.bind(3, command)
    statement.bind(4, startedAt)
    try statement.run()
    return number
  }

  /// Notes how run `number` ended, as `report` says, and the last messages that it sent.
  ///
  /// All but the last `keeping` runs, the last one that was complete, and `keepingMessages` messages
  /// are forgotten. Throws a ``StateError`` if the file cannot be written.
  public func endRun(
    _ number: Int,
    report: RunReport,
    messages: [MessageRecord] = [],
    keeping: Int,
    keepingMessages: Int = 0
  ) throws(StateError) {
    try database.transaction { () throws(StateError) in
      let statement = try database.prepare(
        "UPDATE run SET finished_at = ?, outcome = ?, message = ?, counts = ? WHERE number = ?"
      )
      statement.bind(1, report.finishedAt)
      statement.bind(2, report.outcome.rawValue)
      statement.bind(3, report.error?.stored)
      statement.bind(4, report.counts.json.jsonText)
      statement.bind(5, number)
      try statement.run()
      try insert(report.problems, run: number)
      try insert(messages, run: number, keeping: keepingMessages)
      for sql in [
        // How long ago a sync succeeded is asked when it has not for long.
        """
        DELETE FROM run WHERE number <= (SELECT max(number) FROM run) - ?
          AND number IS NOT (\(Self.lastComplete))
        """,
        "DELETE FROM problem WHERE run <= (SELECT max(number) FROM run) - ?",
        "DELETE FROM problem_group WHERE run <= (SELECT max(number) FROM run) - ?",
        "DELETE FROM message WHERE run <= (SELECT max(number) FROM run) - ?",
      ] {
        let forget = try database.prepare(sql)
        forget.bind(1, max(keeping, 1))
        try forget.run()
      }
    }
  }

  /// The last runs, the latest first; their sync's name is left for the caller to fill in.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func runs(limit: Int) throws(StateError) -> [RunRecord] {
    let statement = try database.prepare(
      """
      SELECT number, id, command, started_at, finished_at, outcome, message, counts
      FROM run ORDER BY number DESC LIMIT ?
      """
    )
    statement.bind(1, limit)
    var records: [RunRecord] = []
    while try statement.step() {
      records.append(
        RunRecord(
          number: statement.integer(0),
          id: statement.text(1) ?? "",
          command: statement.text(2) ?? "",
          startedAt: statement.integer(3),
          finishedAt: statement.isNull(4) ? nil : statement.integer(4),
          outcome: statement.text(5),
          error: statement.text(6).map { RunError(stored: $0) },
          counts: statement.text(7).flatMap(RunCounts.init(json:))
        )
      )
    }
    for index in records.indices {
      records[index].problems = try problemGroups(run: records[index].number)
    }
    return records
  }

  /// When the last run that was complete ended, in microseconds since 1970; nil if none was.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func lastSuccess() throws(StateError) -> Int? {
    let statement = try database.prepare(
      "SELECT finished_at FROM run WHERE number = (\(Self.lastComplete))"
    )
    return try statement.step() ? statement.integer(0) : nil
  }

  private static let lastComplete =
    "SELECT max(number) FROM run WHERE outcome IN ("
    + RunReport.Outcome.allCases.filter(\.isComplete).map { "'\($0.rawValue)'" }
    .joined(separator: ", ") + ")"

  private func problemGroups(run number: Int) throws(StateError) -> [ProblemGroup] {
    let statement = try database.prepare(
      "SELECT kind, reason, rows, first FROM problem_group WHERE run = ? ORDER BY rowid"
    )
    statement.bind(1, number)
    var groups: [ProblemGroup] = []
    while try statement.step() {
      groups.append(
        ProblemGroup(
          kind: statement.text(0).flatMap(ProblemKind.init) ?? .rejected,
          reason: statement.text(1) ?? "",
          rows: statement.integer(2),
          first: statement.text(3)
        )
      )
    }
    return groups
  }

  private func insert(_ groups: [ProblemGroup], run number: Int) throws(StateError) {
    let statement = try database.prepare("INSERT INTO problem_group VALUES (?, ?, ?, ?, ?)")
    for group in groups {
      statement.bind(1, number)
      statement.bind(2, group.kind.rawValue)
      statement.bind(3, group.reason)
      statement.bind(4, group.rows)
      statement.bind(5, group.first)
      try statement.run()
    }
  }

  /// Adds to the report of run `number`.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func report(_ problems: [Problem], run number: Int) throws(StateError) {
    try database.transaction { () throws(StateError) in try insert(problems, run: number) }
  }

  /// The problems of run `number`.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func problems(run number: Int) throws(StateError) -> [Problem] {
    let statement = try database.prepare(
      """
      SELECT kind, change, key, reason, shape, line, detail
      FROM problem WHERE run = ? ORDER BY rowid
      """
    )
    statement.bind(1, number)
    var problems: [Problem] = []
    while try statement.step() {
      problems.append(
        Problem(
          kind: statement.text(0).flatMap(ProblemKind.init) ?? .rejected,
          change: statement.text(1).flatMap(Change.init),
          key: statement.text(2),
          reason: statement.text(3) ?? "",
          detail: statement.text(6),
          shape: statement.isNull(4) ? nil : statement.integer(4),
          line: statement.isNull(5) ? nil : Array(statement.bytes(5))
        )
      )
    }
    return problems
  }

  func insert(_ problems: [Problem], run number: Int) throws(StateError) {
    let statement = try database.prepare("INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    for problem in problems {
      statement.bind(1, number)
      statement.bind(2, problem.kind.rawValue)
      statement.bind(3, problem.change?.rawValue)
      statement.bind(4, problem.key)
      statement.bind(5, problem.reason)
      statement.bind(6, problem.shape)
      statement.bind(7, problem.line)
      statement.bind(8, problem.detail)
      try statement.run()
    }
  }
}
