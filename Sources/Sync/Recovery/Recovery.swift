internal import State

public import Reports

/// Takes in what the user knows and Sluice cannot: what became of batches, where a state belongs.
public struct Recovery: Sendable {
  private let location: StateLocation

  /// Changes the state at `location`.
  public init(_ location: StateLocation) {
    self.location = location
  }

  /// Changes the state as `answer` says, in one transaction.
  ///
  /// It waits up to `wait` for a run of the sync to end. Returns nil if one is still under way;
  /// whatever else keeps it from changing the state is in the report.
  public func apply(
    _ answer: RecoveryReport.Answer,
    waitingUpTo wait: Duration = .zero
  ) async -> RecoveryReport? {
    let reader = StateReader(location)
    do {
      // Without a state there is nothing to lock.
      if !location.exists { _ = try await reader.open() }
      let batches = try await location.whileLocked(waitingUpTo: wait, hold: .ignored) {
        try await StateFile.open(path: location.path, mode: .existing).recover(answer)
      }
      return batches.map { RecoveryReport(sync: location.sync, answer: answer, batches: $0) }
    } catch {
      return RecoveryReport(sync: location.sync, answer: answer, error: reader.unreadable(error))
    }
  }
}
