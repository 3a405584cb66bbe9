internal import State

public import Reports

/// Forgets what a sync has delivered.
public struct Reset: Sendable {
  private let location: StateLocation

  /// Forgets the state at `location`.
  public init(_ location: StateLocation) {
    self.location = location
  }

  /// Deletes the state: as a whole or not at all.
  ///
  /// It waits up to `wait` for a run of the sync to end. Returns nil if one is still under way;
  /// whatever else keeps it from deleting the state is in the report.
  public func forget(waitingUpTo wait: Duration = .zero) async -> ResetReport? {
    do {
      let isForgotten = try await location.whileLocked(waitingUpTo: wait) {
        try StateFile.delete(at: location.path)
      }
      return isForgotten.map { ResetReport(sync: location.sync, isForgotten: $0) }
    } catch {
      return ResetReport(sync: location.sync, error: SyncRun.runError(error))
    }
  }
}
