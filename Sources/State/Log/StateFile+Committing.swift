internal import Text

extension StateFile {
  /// A batch whose every message is settled.
  public struct Settlement: Sendable {
    /// The batch.
    public var batch: DeliverableBatch
    /// Indexes of the changes that were not delivered: their rows stay as the snapshot has them.
    public var undelivered: Set<Int>

    /// Joins a batch with what was not delivered of it.
    public init(batch: DeliverableBatch, undelivered: Set<Int> = []) {
      self.batch = batch
      self.undelivered = undelivered
    }
  }

  /// Makes the batches part of the snapshot, all at once and durably.
  ///
  /// In order, and only the oldest that are not live yet. `mark` is remembered with them.
  /// Throws a ``StateError`` if the file cannot be written.
  public func commit(_ settlements: [Settlement], mark: TransactionMark? = nil) throws(StateError) {
    try database.transaction { () throws(StateError) in
      for settlement in settlements { try makeLive(settlement) }
      if let mark { try write { $0.transactionMark = mark } }
    }
  }

  /// Makes every staged batch part of the snapshot without having sent anything.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func makeStagedLive() throws(StateError) {
    try database.transaction { () throws(StateError) in
      for number in try batches(.staged) {
        try makeLive(Settlement(batch: try batch(number, withPrevious: false)))
      }
    }
  }

  func makeLive(_ settlement: Settlement) throws(StateError) {
    let (kills, keepsRows) = fate(of: settlement)
    let number = settlement.batch.number
    let statement = try database.prepare(
      """
      UPDATE batch SET state = 'live', changes = NULL, undelivered = NULL, anchor = NULL, kills = ?
      WHERE number = ?
      """
    )
    let blob = ChangeCoding.encode(kills)
    statement.bind(1, kills.isEmpty ? nil : blob.bytes)
    statement.bind(2, number)
    try statement.run()
    try forgetPinned(number)
    if !keepsRows { try deleteSegments(settlement.batch.segments.map(\.number)) }
  }

  /// What dies with the batch, and whether any of its own rows lives.
  private func fate(of settlement: Settlement) -> (kills: [RowReference], keepsRows: Bool) {
    let batch = settlement.batch
    var kills: [RowReference] = []
    var own: [RowReference] = []
    var position = (segment: 0, slot: 0)
    var living = 0
    for (index, change) in batch.changes.enumerated() {
      let isDelivered = change.kind != .withdrawn && !settlement.undelivered.contains(index)
      if isDelivered, let old = change.old { kills.append(old) }
      if change.kind == .removed { continue }
      while position.slot == batch.segments[position.segment].rows {
        position = (position.segment + 1, 0)
      }
      if isDelivered {
        living += 1
      } else {
        own.append(
          RowReference(
            segment: batch.segments[position.segment].number,
            slot: UInt32(position.slot)
          )
        )
      }
      position.slot += 1
    }
    return living == 0 ? (kills, false) : (kills + own, true)
  }

  func deleteSegments(_ numbers: [UInt32]) throws(StateError) {
    for table in ["DELETE FROM segment WHERE number = ?", "DELETE FROM records WHERE segment = ?"] {
      let statement = try database.prepare(table)
      for number in numbers {
        statement.bind(1, Int(number))
        try statement.run()
      }
    }
  }
}
