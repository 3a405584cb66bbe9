internal import Reports
internal import Synchronization

/// Counts what a run does, and tells it as events to the one who watches.
final class RunProgress: Sendable {
  private let state = Mutex(RunCounts())
  private let watch: (@Sendable (RunEvent) -> Void)?

  /// Nothing done; `watch` gets the events, from any task.
  init(_ watch: (@Sendable (RunEvent) -> Void)? = nil) {
    self.watch = watch
  }

  /// The counts now.
  var counts: RunCounts { state.withLock { $0 } }

  func enter(_ phase: RunEvent.Phase) { watch?(.entered(phase)) }

  /// Commits by `body`, and tells when that began and ended.
  func committing<Failure>(
    _ commit: RunEvent.Commit,
    _ body: () async throws(Failure) -> Void
  ) async throws(Failure) {
    watch?(.commitBegan(commit))
    defer { watch?(.commitEnded(commit)) }
    try await body()
  }

  func expect(rows: Int) { watch?(.expected(rows: rows)) }

  func update(_ body: (inout RunCounts) -> Void) {
    let counts = state.withLock { counts in
      body(&counts)
      return counts
    }
    watch?(.counted(counts))
  }
}
