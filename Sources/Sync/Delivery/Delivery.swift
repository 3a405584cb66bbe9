internal import Messages
internal import Reports
internal import State
internal import Synchronization

/// Sends prepared batches and makes them part of the snapshot.
protocol Delivery {
  /// Whether batches must come with the rows that they supersede.
  var needsPrevious: Bool { get }

  /// Why batches could not be sent, for the report; the first of each topic.
  var failures: [RunError] { get }

  /// Topics that messages were made for.
  var topics: Set<String> { get }

  /// Sends every batch of `feed`, in order; returns when the last one is committed.
  ///
  /// After an error what is known to have arrived is committed, and the feed is stopped. Throws
  /// ``TooManyRejections`` after what was composed is sent and committed.
  func deliver(_ feed: some BatchFeed) async throws
}

/// More rows are rejected than the sync allows; no message is under way.
struct TooManyRejections: Error {}

/// Hands out batches that are durable as prepared, in order.
protocol BatchFeed: Sendable {
  /// The next batch; nil after the last.
  func next() async throws -> DeliverableBatch?

  /// Ends it early: no more batches need to be made.
  func stop()
}

/// Batches that a scan writes down meanwhile.
extension BoundedQueue: BatchFeed where Element == DeliverableBatch {
  func next() async -> DeliverableBatch? { await receive() }

  func stop() { close() }
}

/// Batches that are written down already.
final class WrittenBatches: BatchFeed {
  private let state: StateFile
  private let withPrevious: @Sendable () -> Bool
  private let numbers: Mutex<ArraySlice<Int>>

  /// `withPrevious` says, batch by batch, whether rows that are superseded are read as well.
  init(
    _ numbers: [Int],
    of state: StateFile,
    withPrevious: @escaping @Sendable () -> Bool
  ) {
    self.state = state
    self.withPrevious = withPrevious
    self.numbers = Mutex(numbers[...])
  }

  func next() async throws -> DeliverableBatch? {
    guard let number = numbers.withLock({ $0.popFirst() }) else { return nil }
    return try await state.batch(number, withPrevious: withPrevious())
  }

  func stop() { numbers.withLock { $0 = [] } }
}
