/// A piece of JSON that a template itself has written, in JSON mode.
///
/// Made by a `capture` whose own text holds quotes, brackets or braces, and by constants that
/// separate (white space and commas, or nothing). It is decided when a template is compiled; data
/// never makes one, so that no row can bring markup into a message.
struct Fragment: Sendable {
  /// The piece; of a capture it begins and ends outside quotes.
  var text: String
  /// Whether it is a separator of the template, not what a capture wrote.
  var isConstant: Bool

  /// The bytes that make a capture a fragment.
  static func isMarkup(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"):
      true
    default: false
    }
  }

  /// Whether a constant of a template separates: nothing but white space and commas, or nothing.
  static func isSeparator(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 == UInt8(ascii: ",") || $0.isSpace }
  }
}
