internal import Synchronization

internal import Reports

/// Asks a run to end early; from any thread.
public final class RunInterruption: Sendable {
  private struct State {
    var isRequested = false
    var actions: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  /// Nothing asked.
  public init() {}

  /// Whether somebody asked.
  public var isRequested: Bool { state.withLock { $0.isRequested } }

  /// Asks the run to end: what is acknowledged is committed, nothing more is sent.
  public func request() {
    let actions = state.withLock { state in
      state.isRequested = true
      defer { state.actions = [] }
      return state.actions
    }
    for action in actions { action() }
  }

  /// Does `action` when somebody asks, at once where somebody has.
  func onRequest(_ action: @escaping @Sendable () -> Void) {
    let isRequested = state.withLock { state in
      if !state.isRequested { state.actions.append(action) }
      return state.isRequested
    }
    if isRequested { action() }
  }

  func check() throws(RunError) {
    if isRequested { throw Self.error }
  }

  /// What a run that was asked to end says.
  static let error = RunError(
    .interrupted,
    "the run was interrupted by a signal: what Kafka acknowledged is remembered, the next run "
      + "continues from there"
  )
}
