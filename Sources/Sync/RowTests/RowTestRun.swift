internal import Messages
internal import Reports
internal import Rows
internal import Settings

/// Tests the rows of a model in the snapshot that the scan will read, before it reads them.
struct RowTestRun {
  let run: SyncRun
  let shape: Shape

  private var model: ModelSettings { run.model }

  /// Runs every test; throws all that stop the run at once.
  func judge() async throws {
    var stops: [RunError] = []
    for test in model.tests {
      try run.interruption.check()
      let report = try await judge(test)
      run.tests.add(report)
      if !report.isFailed { continue }
      switch test.severity {
      case .error: stops.append(stop(report))
      // A plan lists tests by itself.
      case .warn: if !run.isPlan { run.warn(report.text) }
      }
    }
    if let error = RunError(all: stops) { throw error }
  }

  private func judge(_ test: RowTest) async throws -> RowTestReport {
    let query = RowTestQuery(
      test: test,
      primaryKey: model.primaryKey.map(\.value),
      dialect: shape.dialect
    )
    var report = RowTestReport(test)
    let count = try await texts(query.count, columns: ["count"], of: test).first ?? ""
    guard let rows = Int(count) else {
      throw RunError(
        .failed,
        "test \(test.title): its count is not a number",
        kind: .unusableRowTest,
        at: test.location
      )
    }
    report.rows = rows
    if rows > 0 {
      report.examples = try await texts(query.examples, columns: query.primaryKey, of: test)
    }
    return report
  }

  /// The rows of `select`, whose columns are `names`, as keys are written.
  private func texts(
    _ select: String,
    columns names: [String],
    of test: RowTest
  ) async throws -> [String] {
    let page = Page()
    try await Self.ask(run.source, select, into: page, of: test)
    let columns = names.map { name in
      shape.index(of: name).map { shape.columns[$0] }
        ?? Shape.Column(name: name, type: ColumnType(shape.dialect == .sqlite ? .dynamic : .text))
    }
    let result = Shape(dialect: shape.dialect, columns: columns)
    return (0..<page.count).compactMap {
      KeyText.text(of: page.line($0), result, primaryKey: names)
    }
  }

  /// Asks `source`; an error is one of the test.
  static func ask(
    _ source: any RowSource,
    _ select: String,
    into page: Page,
    of test: RowTest
  ) async throws {
    do {
      try await source.query(select, into: page)
    } catch var error as RunError {
      error.message = "test \(test.title): \(error.message)"
      error.valueFree = error.valueFree.map { "test \(test.title): \($0)" }
      error.location = test.location
      throw error
    }
  }

  private func stop(_ report: RowTestReport) -> RunError {
    var error = RunError(
      .stoppedByGuard,
      report.text + "; nothing was sent",
      kind: .rowTest,
      at: report.location,
      hint: "correct the rows or the model; `severity: warn` tells of them and continues"
    )
    error.valueFree = report.finding + "; nothing was sent"
    return error
  }
}
