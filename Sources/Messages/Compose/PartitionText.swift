/// The text of a partition.
enum PartitionText: Equatable {
  /// A whole number from 0 on.
  case number(Int)
  /// A whole number that no partition has.
  case outOfRange
  /// Anything else, which counts as absent.
  case absent

  static func parse(_ text: UnsafeRawBufferPointer) -> PartitionText {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return .absent }
    guard let number = Int32(String(decoding: text, as: UTF8.self)), number >= 0 else {
      return .outOfRange
    }
    return .number(Int(number))
  }
}
