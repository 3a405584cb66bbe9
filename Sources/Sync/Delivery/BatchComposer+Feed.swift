extension BatchComposer {
  /// Composed batches that wait to be sent.
  private static let queueCapacity = 2

  /// Composes the batches of `feed` in a task of its own, a few ahead of `send`, which takes them, and
  /// as far as the budget has room: `send` unloads batches without being asked for the next one.
  ///
  /// If `send` throws, the feed is stopped. What stopped the feed is thrown when `send` has ended: what
  /// was composed is sent before it is told.
  func compose(
    _ feed: some BatchFeed,
    whileSending send: (BoundedQueue<Shipment>) async throws -> Void
  ) async throws {
    let ready = BoundedQueue<Shipment>(capacity: Self.queueCapacity)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { ready.close() }
        do {
          while await self.budget.awaitRoom(), let batch = try await feed.next() {
            guard let shipment = try await self.compose(batch), await ready.send(shipment)
            else { return feed.stop() }
          }
        } catch {
          feed.stop()
          throw error
        }
      }
      do {
        try await send(ready)
      } catch {
        ready.close()
        budget.close()
        feed.stop()
        throw error
      }
      try await group.waitForAll()
    }
  }
}
