internal import Glibc

/// The name of a member, with a hash by which it is found fast.
///
/// Names are the same where their bytes are; spellings of one character are told apart.
public struct MemberName: Sendable, Hashable {
  /// The name.
  public let text: String
  @usableFromInline let quickHash: UInt32

  /// Prepares `text`, which pays where it is looked for more than once.
  @inlinable
  public init(_ text: String) {
    self.text = text
    quickHash = MemberName.quickHash(of: text)
  }

  /// Whether both have the same bytes.
  @inlinable
  public static func == (left: MemberName, right: MemberName) -> Bool {
    left.quickHash == right.quickHash && haveSameBytes(left.text, right.text)
  }

  /// Feeds the bytes to a hash that nobody can foresee, for tables.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Whether two strings have the same bytes.
  ///
  /// Swift's own `==` takes other spellings of a character for it.
  @inlinable
  public static func haveSameBytes(_ left: String, _ right: String) -> Bool {
    // Strings of the same bits are the same; a short one has its whole text in these bits.
    let (mine, theirs) = (bits(left), bits(right))
    return mine == theirs || compare(left, right)
  }

  // Unsafe only in name: a string is two words, and they are looked at, not changed.
  @usableFromInline
  static func bits(_ text: String) -> SIMD2<UInt64> {
    unsafeBitCast(text, to: SIMD2<UInt64>.self)
  }

  @usableFromInline
  static func compare(_ left: String, _ right: String) -> Bool {
    let same = left.utf8.withContiguousStorageIfAvailable { mine in
      right.utf8.withContiguousStorageIfAvailable { theirs in
        guard mine.count == theirs.count, let left = mine.baseAddress,
          let right = theirs.baseAddress
        else { return mine.isEmpty && theirs.isEmpty }
        return memcmp(left, right, mine.count) == 0
      }
    }
    return (same ?? nil) ?? left.utf8.elementsEqual(right.utf8)
  }

  /// Enough to tell a few names apart; somebody who wants to can make them coincide.
  @usableFromInline
  static func quickHash(of text: String) -> UInt32 {
    text.utf8.withContiguousStorageIfAvailable { mix(UnsafeRawBufferPointer($0)) }
      ?? Array(text.utf8).withUnsafeBytes { mix($0) }
  }

  private static func mix(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    var hash = UInt64(bytes.count)
    var position = 0
    while position + 8 <= bytes.count {
      hash = (hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) &* factor
      hash ^= hash >> 29
      position += 8
    }
    var rest: UInt64 = 0
    while position < bytes.count {
      rest = rest << 8 | UInt64(bytes[position])
      position += 1
    }
    hash = (hash ^ rest) &* factor
    return UInt32(truncatingIfNeeded: hash >> 32)
  }
}
