internal import Blocking
internal import Messages
internal import Rows
internal import State

public import Reports
public import Settings

extension ColumnCheck {
  /// Compares with `shape` everything that names a column, the messages included.
  func compile(for shape: Shape) throws(RunError) {
    try check(shape)
    if let error = messageError(shape) { throw error }
  }

  /// What does not fit `shape` in the messages; nil if all of it does.
  func messageError(_ shape: Shape) -> RunError? {
    let composer = Composer(
      sync: sync,
      model: model,
      stateID: "check",
      run: RunIdentity(id: "check", startedAt: WallClock.microseconds()),
      topics: Topics { _ in .unknown },
      shapeOf: { _ in nil }
    )
    do throws(ComposerError) {
      try composer.use(shape, number: 1)
      return nil
    } catch {
      return RunError(error)
    }
  }
}

/// Checks the columns that a sync names without asking its source.
public enum RememberedColumns {
  /// Compares with the columns that the model's query had when this very text last ran.
  ///
  /// Unknown if there is no state, or if the query changed since.
  public static func check(
    _ sync: SyncSettings,
    _ model: ModelSettings,
    statePath: String
  ) async -> [CheckItem] {
    let subject = "sync \(sync.name)"
    guard let shape = await shape(of: model, statePath) else {
      return [
        CheckItem(
          subject,
          check: "columns",
          verdict: .unknown,
          reason: "this query has not run yet",
          hint: "`sluice check --connect` asks the source"
        )
      ]
    }
    do throws(RunError) {
      try ColumnCheck(model: model, sync: sync).compile(for: shape)
      return [CheckItem(subject, check: "columns", verdict: .passed)]
    } catch {
      return CheckItem.failures(subject, check: "columns", error: error)
    }
  }

  private static func shape(of model: ModelSettings, _ statePath: String) async -> Shape? {
    guard let state = try? await StateFile.open(path: statePath, mode: .report),
      let meta = try? await state.meta(), meta.modelHash == ModelHash.text(of: model),
      let number = meta.shape
    else { return nil }
    return try? await state.shape(number)
  }
}
