internal import Messages
internal import Rows
internal import Settings
internal import State

/// Finds columns that differ in every row, as `now()` does: with one of them every run sends
/// every row.
struct RestlessColumns {
  let sync: SyncSettings
  let shape: Shape
  let shapeNumber: Int
  /// The columns whose changes count.
  let counted: [String]

  /// Rows that are compared: enough to tell a column that always differs from one that often does.
  private static let rowsMax = 1_000

  /// Whether it is worth looking: not one row of several stayed as it was.
  static func isSuspected(_ counts: Diff.Counts) -> Bool {
    counts.changed > 1 && counts.unchanged == 0
  }

  /// What to say of the changed rows of `batch`; nil where each column stayed as it was in some row.
  func note(on batch: DeliverableBatch) -> String? {
    let names = names(in: RowsToSend(batch))
    // If each of several columns differs, the rows did change.
    guard !names.isEmpty, Set(names).count < max(counted.count, 2) else { return nil }
    let list = names.map { "`\($0)`" }.joined(separator: ", ")
    return "every row changed, each in \(list): if that differs in every run, as now() does, leave "
      + "it out with `changed_when: {\(setting(without: names))}`"
  }

  /// `changed_when` as it should be.
  private func setting(without names: [String]) -> String {
    switch sync.changedWhen.value {
    case .anyColumn: "ignore: [\(names.joined(separator: ", "))]"
    case .ignoring(let columns): "ignore: [\((columns + names).joined(separator: ", "))]"
    case .only(let columns):
      "only: [\(columns.filter { !names.contains($0) }.joined(separator: ", "))]"
    }
  }

  /// The columns that count and differ between the old and the new line of each changed row.
  private func names(in rows: RowsToSend) -> [String] {
    var names = counted
    var compared = 0
    for item in rows.items where item.change == .changed {
      // Of a row that is stored under other columns nothing is known.
      guard let old = rows.oldLine(of: item), old.shape == shapeNumber else { continue }
      if names.isEmpty || compared == Self.rowsMax { break }
      compared += 1
      let new = rows.line(of: item).bytes
      names = names.filter { differs(shape.index(of: $0), new: new, old: old.bytes) }
    }
    return compared > 1 ? names : []
  }

  private func differs(
    _ index: Int?,
    new: UnsafeRawBufferPointer,
    old: UnsafeRawBufferPointer
  ) -> Bool {
    guard let index else { return false }
    var fields = FieldTable(count: shape.columns.count)
    var others = FieldTable(count: shape.columns.count)
    guard fields.split(new), others.split(old) else { return false }
    return !fields[index].elementsEqual(others[index])
  }
}
