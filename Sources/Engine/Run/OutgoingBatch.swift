internal import Bytes
internal import Kafka
internal import Messages
internal import Rows
internal import Snapshot

/// A batch on its way: what was made of it, and what became of its rows until now.
struct OutgoingBatch: Sendable {
  let batch: DeliverableBatch
  /// Its messages; nil where it has none, and once they are settled.
  var composed: ComposedBatch?
  /// Indexes of the changes that are not delivered: their rows stay as the snapshot has them.
  var undelivered: Set<Int> = []
  var problems: [Problem] = []

  init(_ batch: DeliverableBatch) {
    self.batch = batch
  }

  var settlement: StateFile.Settlement {
    StateFile.Settlement(batch: batch, undelivered: undelivered)
  }

  /// Bytes of its messages.
  var byteCount: Int { composed?.messages.bytes.count ?? 0 }

  /// Messages whose rows are not rejected.
  var deliverableCount: Int {
    composed?.positions.count { !undelivered.contains(Int($0)) } ?? 0
  }
}

extension KafkaError {
  /// What is said where it stops a run.
  func stop(_ sink: any MessageSink) async -> RunError {
    var stop = await sink.explain(self)
    stop.hint =
      stop.hint ?? "what was not acknowledged is sent again by the next run: nothing is lost"
    return stop
  }
}
