internal import Text

/// Where the fields of a segment's rows end.
///
/// Reused from segment to segment: its memory is kept.
struct FieldEnds: ~Copyable {
  private(set) var offsets: [Int] = []

  /// Finds the ends of `count` fields in `bytes`, each of which is a line feed or `other`; false if
  /// there are fewer, or if something stands after the last one.
  mutating func find(_ count: Int, in bytes: UnsafeRawBufferPointer, or other: UInt8) -> Bool {
    guard count > 0, count <= bytes.count else { return count == 0 && bytes.isEmpty }
    if offsets.count < count { offsets = Array(repeating: 0, count: count) }
    let found = offsets.withUnsafeMutableBufferPointer { offsets in
      offsets.baseAddress.map {
        bytes.findBytes(UInt8(ascii: "\n"), or: other, into: $0, limit: count)
      }
    }
    return found == count && offsets[count - 1] == bytes.count - 1
  }
}
