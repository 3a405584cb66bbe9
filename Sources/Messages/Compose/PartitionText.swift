/// The text of a partition.
enum PartitionText: Equatable {
  /// A whole number from 0 on.
  case number(Int)
  /// A whole number that no partition has.
  case outOfRange
  /// Anything else, which counts as absent.
  case absent

  /// Reads an integer, also one that is written as 2.0.
  static func parse(_ text: UnsafeRawBufferPointer) -> PartitionText {
    let isNegative = text.first == UInt8(ascii: "-")
    var index = isNegative ? 1 : 0
    let first = index
    var number = 0
    while index < text.count, (48...57).contains(text[index]) {
      number = min(number * 10 + Int(text[index] - 48), Int(Int32.max) + 1)
      index += 1
    }
    guard index > first, isWhole(text, from: index) else { return .absent }
    return isNegative && number > 0 || number > Int32.max ? .outOfRange : .number(number)
  }

  /// Whether nothing follows the digits, or a point and zeros.
  private static func isWhole(_ text: UnsafeRawBufferPointer, from index: Int) -> Bool {
    if index == text.count { return true }
    guard text[index] == UInt8(ascii: "."), index + 1 < text.count else { return false }
    return text[(index + 1)...].allSatisfy { $0 == 48 }
  }
}
