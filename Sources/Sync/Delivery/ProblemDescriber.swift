internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// Describes rows that were not delivered, for the report.
struct ProblemDescriber: Sendable {
  /// Most rejected rows of one run that are kept; all are counted.
  static let problemsMax = 1000

  let primaryKey: [String]
  let shapeOf: @Sendable (Int) -> Shape?

  func problem(
    _ kind: ProblemKind,
    position: Int,
    in batch: DeliverableBatch,
    rejection: Rejection
  ) -> Problem {
    let row = row(position, in: batch)
    return Problem(
      kind: kind,
      change: Change(batch.changes[position].kind),
      key: key(of: position, in: batch),
      reason: KnownSecrets.current.hidden(in: rejection.reason),
      detail: rejection.detail.map { KnownSecrets.current.hidden(in: $0) },
      shape: row?.shape,
      line: row.map { Array($0.line.prefix(65536)) }
    )
  }

  func key(of position: Int, in batch: DeliverableBatch) -> String? {
    guard let row = row(position, in: batch), let shape = shapeOf(row.shape) else { return nil }
    return KeyText.text(of: row.line, shape, primaryKey: primaryKey)
  }

  private func row(
    _ position: Int,
    in batch: DeliverableBatch
  ) -> (line: UnsafeRawBufferPointer, shape: Int)? {
    if batch.changes[position].kind == .removed {
      guard !batch.oldIndexes.isEmpty, let index = batch.oldIndexes[position] else { return nil }
      return (batch.oldRows.line(Int(index)), batch.oldShapes[Int(index)])
    }
    return (batch.line(of: position), batch.shape)
  }
}
