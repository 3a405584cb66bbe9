import Rows
import Testing

@testable import State
@testable import Sync

/// Removals and other changes, apart.
@Suite struct OneKindFeedTests {
  private typealias Kind = ChangeBatch.RowChange.Kind

  /// The numbers of the batches of `kinds`, kind by kind, as a delivery gets them.
  private func runs(_ kinds: [Kind]) async throws -> [[Int]] {
    let queue = BoundedQueue<DeliverableBatch>(capacity: kinds.count + 1)
    for (number, kind) in kinds.enumerated() {
      let batch = DeliverableBatch(
        number: number,
        token: [],
        isBackfill: false,
        shape: 1,
        changes: [ChangeBatch.RowChange(kind: kind, isSilent: false)],
        rows: Page(),
        segments: []
      )
      _ = await queue.send(batch)
    }
    queue.close()
    let feed = OneKindFeed(queue)
    var runs: [[Int]] = []
    repeat {
      var run: [Int] = []
      while let batch = try await feed.next() { run.append(batch.number) }
      runs.append(run)
    } while feed.hasNextKind
    return runs
  }

  @Test func `batches of one kind come together, in their order, and none is lost`() async throws {
    #expect(try await runs([]) == [[]])
    #expect(try await runs([.added, .changed, .absorbed]) == [[0, 1, 2]])
    #expect(
      try await runs([.removed, .removed, .added, .changed, .removed]) == [[0, 1], [2, 3], [4]]
    )
  }
}
