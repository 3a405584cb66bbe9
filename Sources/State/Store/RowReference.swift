/// Where a row lies in the state file.
public struct RowReference: Sendable, Hashable, Comparable {
  /// Number of its segment.
  public var segment: UInt32
  /// Its line in the segment, from 0.
  public var slot: UInt32

  /// Names a place.
  public init(segment: UInt32, slot: UInt32) {
    self.segment = segment
    self.slot = slot
  }

  /// By segment, then by slot.
  public static func < (left: RowReference, right: RowReference) -> Bool {
    (left.segment, left.slot) < (right.segment, right.slot)
  }
}
