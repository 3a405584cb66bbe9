internal import Synchronization

/// Bounds the bytes of the batches that are composed and not acknowledged yet: their lines and their
/// messages.
///
/// A batch may begin while less than ``countMax`` bytes are taken, however many it takes itself. So a
/// row that is larger than all of it passes alone, and never more than that and one batch is taken.
/// One task waits for room at a time.
final class ByteBudget: Sendable {
  private struct State {
    var taken = 0
    var isClosed = false
    var waiting: CheckedContinuation<Bool, Never>?
  }

  /// Room for twelve batches of 10,000 rows of 130 bytes with messages and headers of 200: as many
  /// as are under way by number, so that only wider rows feel it.
  static let standard = 48 << 20

  private let countMax: Int
  private let state = Mutex(State())

  /// Room for `countMax` bytes.
  init(_ countMax: Int = standard) {
    self.countMax = countMax
  }

  /// Bytes that are taken now.
  var taken: Int { state.withLock { $0.taken } }

  /// Whether nothing may begin.
  var isFull: Bool { taken >= countMax }

  /// Waits until something may begin; false once the budget is closed.
  func awaitRoom() async -> Bool {
    await withCheckedContinuation { continuation in
      let answer: Bool? = state.withLock { state in
        if state.isClosed { return false }
        if state.taken < countMax { return true }
        state.waiting = continuation
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  /// Ends every wait for room, now and later.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      return state.waiting.take()
    }
    waiting?.resume(returning: false)
  }

  private func add(_ count: Int) {
    let waiting = state.withLock { state in
      state.taken += count
      return state.taken < countMax ? state.waiting.take() : nil
    }
    waiting?.resume(returning: true)
  }

  /// What one batch takes of a budget; given back at the latest when the share ends.
  struct Share: ~Copyable {
    private let budget: ByteBudget
    private var count: Int

    /// Takes `count` bytes, whether there is room or not.
    init(_ count: Int, of budget: ByteBudget) {
      self.budget = budget
      self.count = count
      budget.add(count)
    }

    deinit {
      budget.add(-count)
    }

    /// Takes `additional` bytes more.
    mutating func grow(by additional: Int) {
      count += additional
      budget.add(additional)
    }
  }
}
