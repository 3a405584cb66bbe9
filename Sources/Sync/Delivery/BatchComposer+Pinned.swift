internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// Batches that bring their own messages.
extension BatchComposer {
  /// The messages of `batch`: those that were pinned, or those that its rows make.
  ///
  /// Of pinned ones it is known which of them would erase the message of another row.
  func messages(
    of batch: DeliverableBatch,
    _ rows: RowsToSend,
    in envelope: Envelope
  ) async throws -> (Composition, refusals: [String: RunError], erasing: [Int]?) {
    guard let pinned = batch.takePinned() else {
      let (composition, refusals) = try await makeMessages(rows, in: envelope)
      return (composition, refusals, nil)
    }
    guard var content = PinnedMessages.read(pinned, into: envelope) else {
      throw RunError(
        .failed,
        "the pinned messages of batch \(batch.number) cannot be read",
        kind: .damagedState
      )
    }
    let sink = sink
    let isMissing = { (topic: String) in sink.topics.partitions(of: topic) == nil }
    var refusals: [String: RunError] = [:]
    if content.topics(of: envelope).contains(where: isMissing) {
      try await refreshTopics()
      let missing = content.topics(of: envelope).filter(isMissing)
      if !missing.isEmpty {
        refusals = try await sink.topics.create(missing.sorted()) ?? [:]
      }
      content.noteUnknownTopics(in: envelope, where: isMissing)
    }
    return (content.composition, refusals, content.erasing)
  }
}
