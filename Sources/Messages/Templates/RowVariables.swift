internal import Liquid

public import Rows
public import Settings
public import Values

/// The variables that templates see for one row, besides its columns.
public enum RowVariables {
  /// Every variable by its path, with `previous` as a whole, and a placeholder for the event's id.
  ///
  /// `old` is the row of the snapshot with the number of its shape; empty if a line does not fit
  /// its shape.
  public static func values(
    of line: [UInt8],
    shape: Shape,
    change: Change,
    old: (line: [UInt8], number: Int, shape: Shape)?,
    sync: String,
    model: String,
    run: RunIdentity
  ) -> [(name: String, value: Value)] {
    let constants = RecordScope.Constants(sync: sync, model: model, run: run)
    let scope = RecordScope(shape: shape, constants: constants)
    return line.withUnsafeBytes { line in
      (old?.line ?? []).withUnsafeBytes { oldLine in
        do throws(Rejection) {
          let previous = old.map {
            SupersededRow(line: oldLine, number: $0.number, shape: $0.shape)
          }
          try scope.use(line, change, old: previous, eventID: EventID.placeholder)
        } catch {
          return []
        }
        return [("previous", scope.value(root: 1))]
          + TemplateVariable.allCases.map { ($0.rawValue, scope.value(of: $0)) }
      }
    }
  }
}
