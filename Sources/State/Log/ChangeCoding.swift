internal import Text

/// The blobs of the batch table: little-endian, fixed width.
enum ChangeCoding {
  private static let changeSize = 9
  private static let killSize = 8
  private static let silentBit: UInt8 = 0x80
  private static let noOldBit: UInt8 = 0x40

  /// 9 bytes a change; nil if all are additions with a message and nothing old.
  static func encode(_ changes: [ChangeBatch.RowChange]) -> ByteBuffer? {
    if changes.allSatisfy({ $0.kind == .added && !$0.isSilent && $0.old == nil }) { return nil }
    var output = ByteBuffer(capacity: changes.count * changeSize)
    for change in changes {
      var head = change.kind.rawValue
      if change.isSilent { head |= silentBit }
      if change.old == nil { head |= noOldBit }
      output.append(head)
      append(change.old ?? RowReference(segment: 0, slot: 0), to: &output)
    }
    return output
  }

  /// Reads what ``encode(_:)`` wrote; nil if the blob is damaged.
  static func decodeChanges(_ blob: UnsafeRawBufferPointer) -> [ChangeBatch.RowChange]? {
    guard blob.count % changeSize == 0 else { return nil }
    var changes: [ChangeBatch.RowChange] = []
    changes.reserveCapacity(blob.count / changeSize)
    for offset in stride(from: 0, to: blob.count, by: changeSize) {
      let head = blob[offset]
      guard let kind = ChangeBatch.RowChange.Kind(rawValue: head & 0x3F) else { return nil }
      let old = reference(blob, offset + 1)
      changes.append(
        ChangeBatch.RowChange(
          kind: kind,
          isSilent: head & silentBit != 0,
          old: head & noOldBit != 0 ? nil : old
        )
      )
    }
    return changes
  }

  static func encode(_ kills: [RowReference]) -> ByteBuffer {
    var output = ByteBuffer(capacity: kills.count * killSize)
    for kill in kills { append(kill, to: &output) }
    return output
  }

  static func forEachKill(_ blob: UnsafeRawBufferPointer, _ body: (RowReference) -> Void) {
    for offset in stride(from: 0, to: blob.count - blob.count % killSize, by: killSize) {
      body(reference(blob, offset))
    }
  }

  /// 4 bytes a position.
  static func encode(positions: [Int]) -> ByteBuffer {
    var output = ByteBuffer(capacity: positions.count * 4)
    for position in positions {
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: position).littleEndian) { output.append($0) }
    }
    return output
  }

  static func decodePositions(_ blob: UnsafeRawBufferPointer) -> [Int] {
    stride(from: 0, to: blob.count - blob.count % 4, by: 4).map { offset in
      Int(UInt32(littleEndian: blob.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
  }

  private static func append(_ reference: RowReference, to output: inout ByteBuffer) {
    withUnsafeBytes(of: reference.segment.littleEndian) { output.append($0) }
    withUnsafeBytes(of: reference.slot.littleEndian) { output.append($0) }
  }

  private static func reference(_ blob: UnsafeRawBufferPointer, _ offset: Int) -> RowReference {
    RowReference(
      segment: UInt32(littleEndian: blob.loadUnaligned(fromByteOffset: offset, as: UInt32.self)),
      slot: UInt32(littleEndian: blob.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
    )
  }
}
