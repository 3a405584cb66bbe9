internal import Reports
internal import Synchronization

/// What the tests on rows of a run found; from any thread.
final class RowTestTally: Sendable {
  private let state = Mutex<[RowTestReport]>([])

  /// In the order of the model.
  var reports: [RowTestReport] { state.withLock { $0 } }

  func add(_ report: RowTestReport) { state.withLock { $0.append(report) } }
}
