internal import Text
internal import Messages
internal import Reports
internal import Rows
internal import State

/// A batch on its way: what was made of it, and what became of its rows until now.
struct OutgoingBatch: Sendable {
  let batch: DeliverableBatch
  /// Its messages; nil if it has none, and once they are settled.
  var composed: ComposedBatch?
  /// Indexes of the changes that are not delivered: their rows stay as the snapshot has them.
  var undelivered: Set<Int>
  /// Those of them that the destination refused.
  var refused: Set<Int> = []
  /// Indexes of null values that do not leave: another row's message stands at their place.
  var withheld: Set<Int> = []
  /// Indexes of null values that never leave: they would erase the message of another row.
  var erasing: Set<Int> = []
  var problems: [Problem] = []

  /// Rows that an earlier attempt left out are left out again: the next scan finds them.
  init(_ batch: DeliverableBatch) {
    self.batch = batch
    undelivered = batch.undelivered
  }

  var settlement: StateFile.Settlement {
    StateFile.Settlement(batch: batch, undelivered: undelivered)
  }

  var refusal: StateFile.Refusal {
    StateFile.Refusal(batch: batch, undelivered: undelivered, refused: refused)
  }

  /// Bytes of its messages.
  var byteCount: Int { composed?.messages.bytes.count ?? 0 }

  /// Messages that arrive if the batch is committed as it is.
  var deliverableCount: Int {
    guard let composed else { return 0 }
    if undelivered.isEmpty, withheld.isEmpty, erasing.isEmpty { return composed.positions.count }
    return composed.positions.indices.count { isToBeSent($0, composed) }
  }

  /// Indexes of the rows' own messages, but those of rejected rows.
  var ownMessages: [Int] {
    guard let composed else { return [] }
    return (0..<composed.ownCount).filter { isToBeSent($0, composed) }
  }

  /// Indexes of the null values for places that rows leave, but those of rejected rows.
  var nullValues: [Int] {
    guard let composed else { return [] }
    return (composed.ownCount..<composed.positions.count).filter { isToBeSent($0, composed) }
  }

  /// The rows' own messages as they are submitted.
  var ownSelection: Selection {
    guard let composed, undelivered.isEmpty, erasing.isEmpty,
      composed.ownCount == composed.positions.count
    else {
      return .subset(ownMessages)
    }
    return .all
  }

  /// Where the message with `index` goes; nil if nobody asks, and for one without a key.
  func place(of index: Int) -> Place? {
    guard let places = composed?.places, places.indices.contains(index) else { return nil }
    return places[index]
  }

  /// Places where the rows' own messages stand once they arrived; none if nobody asks.
  var places: [Place] {
    guard let composed, !composed.places.isEmpty else { return [] }
    return ownMessages.compactMap { index in
      composed.messages.messages[index].value == nil ? nil : composed.places[index]
    }
  }

  private func isToBeSent(_ index: Int, _ composed: ComposedBatch) -> Bool {
    !undelivered.contains(Int(composed.positions[index])) && !withheld.contains(index)
      && !erasing.contains(index)
  }
}

extension DeliveryFailure {
  /// What is said where it stops a run.
  func stop(_ sink: any Destination) async -> RunError {
    var stop = await sink.explain(self)
    stop.hint =
      stop.hint ?? "what was not acknowledged is sent again by the next run: nothing is lost"
    return stop
  }
}
