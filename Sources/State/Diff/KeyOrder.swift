internal import Glibc
internal import Text

/// Tells new keys by the order in which a result's rows come.
///
/// Most results come by ascending or descending key. The key that is the furthest in the direction
/// of the first two rows is kept, and the one before it in that order; a key strictly beyond either
/// is none of those before, without a look into a table of all of them. With one key only, a row
/// that comes early, as one that a database put into the free space of a page, would make all look
/// that it overtook. Two total orders serve, and one of them is used for all rows: by
/// length and then by bytes, which for integers is the order of numbers, if the first key is of
/// digits; by bytes otherwise. Any order is right, as different keys are different bytes; only how
/// often it helps depends on it.
struct KeyOrder: ~Copyable {
  private enum Direction {
    case unknown, ascending, descending
  }

  private var furthest = ByteBuffer()
  /// The key before the furthest: every key but the furthest lies before it, or is it.
  private var before = ByteBuffer()
  private var isEmpty = true
  private var byLength = false
  private var direction = Direction.unknown
  /// False after a key whose bytes are not its value.
  private var isUsable = true

  /// Takes in the key of the next row; true if no row before has it, false if that cannot be told.
  ///
  /// `key` is nil if bytes that differ may be the same key.
  mutating func isNew(_ key: UnsafeRawBufferPointer?) -> Bool {
    guard isUsable else { return false }
    guard let key else {
      isUsable = false
      return false
    }
    if isEmpty {
      byLength = key.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    } else {
      var distance = compare(key, furthest.bytes)
      if distance == 0 { return false }
      if direction == .unknown { direction = distance > 0 ? .ascending : .descending }
      if direction == .descending { distance.negate() }
      if distance < 0 { return isNewBetween(key) }
      swap(&before, &furthest)
    }
    isEmpty = false
    furthest.removeAll()
    furthest.append(key)
    return true
  }

  /// Takes in a key that lies before the furthest: the first two keys made the direction.
  private mutating func isNewBetween(_ key: UnsafeRawBufferPointer) -> Bool {
    let distance = compare(key, before.bytes)
    guard direction == .ascending ? distance > 0 : distance < 0 else { return false }
    before.removeAll()
    before.append(key)
    return true
  }

  /// Negative, zero or positive, as `left` comes before, is, or comes after `right`.
  private func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    if byLength, left.count != right.count { return left.count - right.count }
    guard let left0 = left.baseAddress, let right0 = right.baseAddress else {
      return left.count - right.count
    }
    let order = memcmp(left0, right0, min(left.count, right.count))
    return order != 0 ? Int(order) : left.count - right.count
  }
}
