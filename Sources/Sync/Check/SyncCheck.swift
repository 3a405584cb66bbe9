public import Reports
public import Rows
public import Settings

/// Compares a sync with the columns that its source returns, without sending anything.
public enum SyncCheck {
  /// Compiles every message of a sync for `shape`: what is wrong, or what may not be meant.
  public static func items(
    _ sync: SyncSettings,
    _ model: ModelSettings,
    for shape: Shape
  ) -> [CheckItem] {
    let subject = "sync \(sync.name)"
    do throws(RunError) {
      try ColumnCheck(model: model, sync: sync).compile(for: shape)
    } catch {
      return CheckItem.failures(subject, check: "columns", error: error)
    }
    let constants = ConstantNames(sync: sync, shape: shape)
    let keys = constants.keys.map { CheckItem(subject, check: "key", verdict: .passed, hint: $0) }
    let others = constants.others.map {
      CheckItem(subject, check: "constants", verdict: .passed, hint: $0)
    }
    return [CheckItem(subject, check: "columns", verdict: .passed)] + keys + others
  }
}
