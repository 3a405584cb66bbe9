/// Where in a JSON text the output is: outside of strings, inside one, or inside an escape.
///
/// Kept as a small number while rendering. What each piece of text does to every place is worked
/// out when the template is compiled, so that following it costs one shift.
enum JSONPlace {
  static let outside: UInt8 = 0
  static let inside: UInt8 = 1
  static let escape: UInt8 = 2
  /// From here on so many hexadecimal digits are owed: 3 for four, 6 for one.
  private static let digits: UInt8 = 3
  private static let count: UInt8 = 7

  static func next(_ place: UInt8, _ byte: UInt8) -> UInt8 {
    switch place {
    case outside: byte == UInt8(ascii: "\"") ? inside : outside
    case inside:
      byte == UInt8(ascii: "\"") ? outside : byte == UInt8(ascii: "\\") ? escape : inside
    case escape: byte == UInt8(ascii: "u") ? digits : inside
    default: place + 1 == count ? inside : place + 1
    }
  }

  /// For each place, three bits of where `text` leads from it.
  static func transitions(_ text: ArraySlice<UInt8>) -> UInt32 {
    var all: UInt32 = 0
    for start in 0..<count {
      let end = text.reduce(start, next)
      all |= UInt32(end) << (UInt32(start) * 3)
    }
    return all
  }

  @inline(__always) static func apply(_ transitions: UInt32, to place: UInt8) -> UInt8 {
    UInt8(truncatingIfNeeded: transitions >> (UInt32(place) &* 3)) & 7
  }
}
