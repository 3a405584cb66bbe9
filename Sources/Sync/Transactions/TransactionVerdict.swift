internal import State

/// What the offsets of a state's group say about its batches.
enum TransactionVerdict: Hashable {
  /// Kafka holds the mark: none of the prepared batches is committed.
  case held
  /// The group is empty, and nothing was ever sent that Kafka should know of.
  case nothingCommitted
  /// The prepared batches up to the one with this mark are committed.
  case committed(TransactionMark)
  /// Kafka held a mark and holds none any more: the offset expired, or group or topic were deleted.
  case forgotten
  /// A batch is committed that this state does not know: somebody ran a copy of it.
  case foreign(HeldMark)

  /// Compares what Kafka holds with what the state knows.
  ///
  /// `exists` tells whether the cluster has a topic.
  init(
    offsets: [HeldMark],
    mark: TransactionMark,
    prepared: [PreparedBatch],
    exists: (String) -> Bool
  ) {
    let highest = offsets.filter { $0.partition == 0 }.max { $0.number < $1.number }
    guard let highest else {
      self = mark.isHeld ? .forgotten : .nothingCommitted
      return
    }
    let batch = prepared.first { Int64($0.number) == highest.number }
    if let batch, batch.token == highest.token {
      let number = batch.number
      self = .committed(
        TransactionMark(number: number, token: batch.token, anchor: highest.topic, isHeld: true)
      )
    } else if Int64(mark.number) == highest.number, mark.token == highest.token {
      // A later batch may have been committed with a topic that is gone, and its offset with it.
      let isHidden = prepared.contains { $0.anchor.map { !exists($0) } ?? false }
      self = isHidden ? .forgotten : .held
    } else if highest.number < mark.number, !offsets.contains(where: { $0.topic == mark.anchor }) {
      self = mark.isHeld ? .forgotten : .nothingCommitted
    } else {
      self = .foreign(highest)
    }
  }
}
