internal import Messages
internal import Settings
internal import State

extension RowsToSend {
  /// The changes of `batch` that leave a message, except those that an earlier attempt left out.
  init(_ batch: DeliverableBatch) {
    var items: [Item] = []
    items.reserveCapacity(batch.changes.count)
    var line: Int32 = 0
    for (position, change) in batch.changes.enumerated() {
      let hasLine = change.kind != .removed
      defer { if hasLine { line += 1 } }
      guard !change.isSilent, let kind = Change(change.kind) else { continue }
      if !batch.undelivered.isEmpty, batch.undelivered.contains(position) { continue }
      items.append(
        Item(
          change: kind,
          position: Int32(position),
          line: hasLine ? line : nil,
          old: batch.oldIndexes.isEmpty ? nil : batch.oldIndexes[position]
        )
      )
    }
    self.init(
      token: batch.token,
      isBackfill: batch.isBackfill,
      items: items,
      shape: batch.shape,
      rows: batch.rows,
      oldRows: batch.oldRows,
      oldShapes: batch.oldShapes
    )
  }
}

extension Change {
  /// The change that users know; nil for what never leaves a message.
  init?(_ kind: ChangeBatch.RowChange.Kind) {
    switch kind {
    case .added: self = .added
    case .changed: self = .changed
    case .removed: self = .removed
    case .absorbed, .withdrawn: return nil
    }
  }
}
