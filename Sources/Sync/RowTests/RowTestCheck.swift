public import Rows
public import Settings

/// Tests on rows, as `check --connect` tries them.
public enum RowTestCheck {
  /// Lets the open `source` read the queries of the tests of `model`, without a row.
  ///
  /// Throws a ``RunError`` at the place of the first test that cannot be run.
  public static func check(
    _ model: ModelSettings,
    on source: any RowSource,
    shape: Shape
  ) async throws {
    for test in model.tests where test.columns.allSatisfy({ shape.index(of: $0) != nil }) {
      let query = RowTestQuery(
        test: test,
        primaryKey: model.primaryKey.map(\.value),
        dialect: shape.dialect
      )
      try await RowTestRun.ask(source, query.trial, into: Page(), of: test)
    }
  }
}
