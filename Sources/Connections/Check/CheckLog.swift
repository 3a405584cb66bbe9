internal import Reports
internal import Synchronization

/// What was found until now; closed when its time is over.
final class CheckLog: Sendable {
  private struct State {
    var items: [CheckItem] = []
    var current = ""
    var waiting: CheckedContinuation<Void, Never>?
    var isClosed = false
  }

  private let subject: String
  private let state = Mutex(State())

  init(_ subject: String) {
    self.subject = subject
  }

  /// Says what is looked at next, for the case that it never ends.
  func begin(_ check: String) {
    state.withLock { $0.current = check }
  }

  func add(_ items: CheckItem...) {
    state.withLock { if !$0.isClosed { $0.items += items } }
  }

  /// Everything that `work` found within `limit`.
  ///
  /// Work that hangs in a call of the system's is left behind: no call could end it.
  func collect(
    within limit: Duration,
    _ work: @escaping @Sendable (CheckLog) async -> Void
  ) async -> [CheckItem] {
    let working = Task {
      await work(self)
      close()
    }
    let timing = Task {
      // The time allowed, not a wait for something: cancelled when the work is done.
      guard (try? await Task.sleep(for: limit)) != nil else { return }
      expire(limit)
      working.cancel()
    }
    await withCheckedContinuation { continuation in
      let isClosed = state.withLock { state in
        if !state.isClosed { state.waiting = continuation }
        return state.isClosed
      }
      if isClosed { continuation.resume() }
    }
    timing.cancel()
    return state.withLock { $0.items }
  }

  private func expire(_ limit: Duration) {
    state.withLock { state in
      guard !state.isClosed else { return }
      let seconds = limit.formattedSeconds
      state.items.append(
        CheckItem(
          subject,
          check: state.current,
          verdict: .failed,
          reason: "no answer within \(seconds)",
          hint: "does the host hang, or a firewall drop packets?"
        )
      )
    }
    close()
  }

  private func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }
}

extension Duration {
  /// As in `30 s`.
  var formattedSeconds: String {
    let tenths = Int((self / .milliseconds(100)).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
  }
}
