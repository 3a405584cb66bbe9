internal import Text
internal import Rows

/// What a complete scan found, before it is sent or dropped.
extension StateFile {
  /// A row of a batch that is not part of the snapshot yet.
  public struct StagedRow: Sendable, Hashable {
    /// Its line; of a removal the stored one.
    public var line: [UInt8]
    /// Number of the shape of ``line``.
    public var shape: Int
  }

  /// The first rows of the staged changes of `kind`, `countMax` at most.
  ///
  /// Changes of the rows in `withdrawn` are not among them, nor rows that a backfill only sends
  /// again. Throws a ``StateError`` if the file cannot be read.
  public func stagedRows(
    _ kind: ChangeBatch.RowChange.Kind,
    countMax: Int,
    withdrawing withdrawn: Set<RowReference>
  ) throws(StateError) -> [StagedRow] {
    var found: [StagedRow] = []
    for number in try batches(.staged) where found.count < countMax {
      let batch = try read(number)
      let positions = batch.changes.indices.filter { index in
        let change = batch.changes[index]
        guard change.kind == kind else { return false }
        if kind == .added { return change.old == nil }
        return change.old.map { !withdrawn.contains($0) } ?? false
      }
      found += try rows(of: batch, at: Array(positions.prefix(countMax - found.count)))
    }
    return found
  }

  private func rows(
    of batch: DeliverableBatch,
    at positions: [Int]
  ) throws(StateError) -> [StagedRow] {
    if batch.isRemoving {
      var rows: [StagedRow] = []
      try forEachStoredLine(of: batch.changes, at: positions) { _, line, shape in
        rows.append(StagedRow(line: Array(line), shape: shape))
      }
      return rows
    }
    return positions.map { StagedRow(line: Array(batch.line(of: $0)), shape: batch.shape) }
  }

  /// Numbers of the batches at a stage, in order.
  func batches(_ stage: Stage) throws(StateError) -> [Int] {
    let statement = try database.prepare(
      "SELECT number FROM batch WHERE state = ? ORDER BY number"
    )
    statement.bind(1, stage.rawValue)
    var numbers: [Int] = []
    while try statement.step() { numbers.append(statement.integer(0)) }
    return numbers
  }
}
