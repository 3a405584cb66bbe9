internal import Messages
internal import Rows

public import Reports
public import Settings

/// Tries the unit tests of one sync, without a database and without a broker.
public struct SyncTestRun {
  private let sync: SyncSettings
  private let model: ModelSettings
  private let dialect: Shape.Dialect

  /// When every run of a test starts: 2000-01-01, so that messages with `now` in them repeat.
  private static let identity = RunIdentity(id: "run_test", startedAt: 946_684_800_000_000)

  /// Prepares for the tests of `sync`, whose rows come from `source`.
  public init(sync: SyncSettings, model: ModelSettings, source: SourceSettings) {
    self.sync = sync
    self.model = model
    dialect = source.dialect
  }

  /// Makes the message of a case and compares it with what is expected.
  public func run(_ test: SyncTestCase) -> SyncTestResult {
    var result = SyncTestResult(test: test)
    do {
      let outcome = try outcome(of: test)
      result.outcome = outcome
      result.differences = SyncTestComparison(outcome).differences(from: test.expectation)
    } catch {
      var failure = SyncRun.runError(error)
      let columns = test.row.map(\.name).joined(separator: ", ")
      failure.hint = "the row of the case has \(columns): add what the sync needs"
      result.error = failure
    }
    return result
  }

  private func outcome(of test: SyncTestCase) throws -> SyncTestOutcome {
    let rows = TestRow(test.row, previous: test.previous, model: model, dialect: dialect)
    if let column = nullKeyColumn(test) {
      return .rejected("a column of the primary key is NULL (\(column)): the row is invalid")
    }
    if test.change == .changed, let reason = reasonForSilence(test, rows) {
      return .nothing(reason)
    }
    if !sync[test.change].isSelected {
      return .nothing("the trigger `\(test.change.rawValue)` is not selected")
    }
    let preview = MessagePreview(settings: sync[test.change]) { _ in nil }
    switch preview.compose(rowsToSend(test, rows), with: try composer(test, rows.shape)) {
    case .message(let message, _, _): return .message(message)
    case .rejected(let reason): return .rejected(reason)
    case .unknownTopic(let topic): return .rejected("the topic '\(topic)' does not exist")
    }
  }

  private func nullKeyColumn(_ test: SyncTestCase) -> String? {
    let key = model.primaryKey.map(\.value)
    return test.row.first { key.contains($0.name) && $0.value == .null }?.name
  }

  /// Why a change leaves no message; nil if a column that counts differs.
  private func reasonForSilence(_ test: SyncTestCase, _ rows: TestRow) -> String? {
    let names = rows.shape.columns.map(\.name)
    let key = model.primaryKey.map(\.value)
    let differing = rows.changedColumns
    if differing.isEmpty { return "no column differs" }
    let counted = Set(sync.changedWhen.value.counted(of: names, key: key))
    return differing.contains(where: counted.contains)
      ? nil : "only columns differ that do not count (\(differing.joined(separator: ", ")))"
  }

  /// A composer that knows the settings of this change only: a test's row need not have the columns
  /// that others use.
  private func composer(_ test: SyncTestCase, _ shape: Shape) throws -> Composer {
    var alone = sync
    alone.added = sync[test.change]
    alone.changed = sync[test.change]
    alone.removed = sync[test.change]
    let composer = Composer(
      sync: alone,
      model: model,
      stateID: nil,
      run: Self.identity,
      topics: MessagePreview.partitionsUnknown(),
      shapeOf: { $0 == 1 ? shape : nil }
    )
    try composer.use(shape, number: 1)
    return composer
  }

  private func rowsToSend(_ test: SyncTestCase, _ rows: TestRow) -> RowsToSend {
    let (page, old) = (Page(), Page())
    rows.line.withUnsafeBytes { test.change == .removed ? old.append($0) : page.append($0) }
    if test.change == .changed { rows.previous.withUnsafeBytes { old.append($0) } }
    let item = RowsToSend.Item(
      change: test.change,
      position: 0,
      line: test.change == .removed ? nil : 0,
      old: test.change == .added ? nil : 0
    )
    return RowsToSend(
      token: [UInt8](repeating: 0, count: 16),
      isBackfill: false,
      items: [item],
      shape: 1,
      rows: page,
      oldRows: old,
      oldShapes: [1]
    )
  }
}

extension ChangedWhen {
  /// The columns among `names` that count; the primary key always does.
  func counted(of names: [String], key: [String]) -> [String] {
    names.filter { name in
      switch self {
      case .anyColumn: true
      case .ignoring(let columns): !columns.contains(name)
      case .only(let columns): columns.contains(name) || key.contains(name)
      }
    }
  }
}
