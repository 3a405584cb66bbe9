internal import Messages
internal import Reports
internal import Rows
internal import State

/// Counts and describes the rows of a scan that have no valid key of their own.
struct InvalidRows {
  let shape: Shape
  let shapeNumber: Int
  let primaryKey: [String]
  let tally: ProblemTally

  /// The rows that `diff` found since the last call, counted by reason.
  ///
  /// Only the first of a scan come with their lines.
  func take(from diff: Diff) -> [Problem] {
    let problems = diff.takeInvalidRows().map { row in
      Problem(
        kind: .invalid,
        key: key(of: row),
        reason: row.reason.text,
        shape: shapeNumber,
        line: row.line
      )
    }
    for problem in problems { tally.add(.invalid, problem.reason) { problem.key } }
    return problems
  }

  /// Counts all of them at the end of a scan, also those without a line.
  func countAll(of diff: Diff) {
    let counts = diff.counts
    for reason in Diff.InvalidRow.Reason.allCases {
      tally.set(.invalid, reason.text, rows: reason.count(in: counts))
    }
  }

  private func key(of row: Diff.InvalidRow) -> String? {
    KeyText.text(of: row.line, shape, primaryKey: primaryKey)
  }
}

extension Diff.InvalidRow.Reason {
  /// The reason in words.
  var text: String {
    switch self {
    case .keyIsNull: "a column of the primary key is NULL"
    case .duplicateKey: "an earlier row of the result has the same primary key"
    case .malformed: "the row does not have the columns of the result"
    }
  }

  /// How many rows there are of it.
  fileprivate func count(in counts: Diff.Counts) -> Int {
    switch self {
    case .keyIsNull: counts.nullKeys
    case .duplicateKey: counts.duplicateKeys
    case .malformed: counts.malformed
    }
  }
}
