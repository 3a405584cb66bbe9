internal import State
internal import Synchronization

/// The batches of a feed as long as all of them hold removals, or none does; then the next ones.
final class OneKindFeed<Base: BatchFeed>: BatchFeed {
  private struct State {
    var isRemoving: Bool?
    /// The first batch of the next kind.
    var pending: DeliverableBatch?
  }

  private let base: Base
  private let state = Mutex(State())

  init(_ base: Base) {
    self.base = base
  }

  func next() async throws -> DeliverableBatch? {
    if let pending = state.withLock({ $0.pending.take() }) { return pending }
    guard let batch = try await base.next() else { return nil }
    return state.withLock { state in
      let isNext = state.isRemoving.map { $0 != batch.isRemoving } ?? false
      state.isRemoving = batch.isRemoving
      if isNext { state.pending = batch }
      return isNext ? nil : batch
    }
  }

  /// Whether there are batches of the next kind; ``next()`` gives them then.
  var hasNextKind: Bool { state.withLock { $0.pending != nil } }

  func stop() { base.stop() }
}
