internal import Glibc
internal import Text

/// Tells new keys by the order in which a result's rows come.
///
/// Most results come by ascending or descending key. The key that is the furthest in the direction
/// of the first two rows is kept; a key strictly beyond it is none of those before, without a look
/// into a table of all of them. Two total orders serve, and one of them is used for all rows: by
/// length and then by bytes, which for integers is the order of numbers, if the first key is of
/// digits; by bytes otherwise. Any order is right, as different keys are different bytes; only how
/// often it helps depends on it.
struct KeyOrder: ~Copyable {
  private enum Direction {
    case unknown, ascending, descending
  }

  private var furthest = ByteBuffer()
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
      isEmpty = false
    } else {
      let comparison = compare(key, furthest.bytes)
      switch direction {
      case .unknown:
        if comparison == 0 { return false }
        direction = comparison > 0 ? .ascending : .descending
      case .ascending: if comparison <= 0 { return false }
      case .descending: if comparison >= 0 { return false }
      }
    }
    furthest.removeAll()
    furthest.append(key)
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
