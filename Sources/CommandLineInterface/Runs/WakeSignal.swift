import Synchronization

/// Ends a wait from another thread: the one that is under way, or the next one.
final class WakeSignal: Sendable {
  private struct State {
    var isSet = false
    var isCancelled = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  /// Ends a wait; several calls before it end one.
  func set() {
    resume { $0.isSet = true }
  }

  /// Waits until somebody calls ``set()``, or the task is cancelled; by one task at a time.
  func wait() async {
    state.withLock { $0.isCancelled = false }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isSet || state.isCancelled { return true }
          state.waiting = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      resume { $0.isCancelled = true }
    }
  }

  /// Begins again: what was set before is forgotten.
  func reset() {
    state.withLock { $0.isSet = false }
  }

  private func resume(_ change: (inout State) -> Void) {
    let waiting = state.withLock { state in
      change(&state)
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }
}
