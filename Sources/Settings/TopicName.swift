/// Kafka's rules for the names of topics (`org.apache.kafka.common.internals.Topic`).
public enum TopicName {
  /// What can be wrong with a name.
  public enum Flaw: Sendable, Hashable, CaseIterable {
    /// It is empty.
    case empty
    /// It has more than 249 characters.
    case tooLong
    /// It is `.` or `..`.
    case dots
    /// It has a character other than letters, digits, `.`, `_` and `-`.
    case character
  }

  /// Returns the flaw of a name in UTF-8; nil if Kafka takes it.
  ///
  /// Allocates nothing.
  public static func flaw(in name: UnsafeRawBufferPointer) -> Flaw? {
    if name.isEmpty { return .empty }
    if name.count > 249 { return .tooLong }
    if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { return .dots }
    return name.allSatisfy(isLegal) ? nil : .character
  }

  /// What is wrong with a name that a file holds; nil if Kafka takes it.
  public static func problem(_ name: String) -> String? {
    var copy = name
    switch copy.withUTF8({ flaw(in: UnsafeRawBufferPointer($0)) }) {
    case nil: return nil
    case .empty: return "a topic's name must not be empty"
    case .tooLong: return "a topic's name has at most 249 characters"
    case .dots: return "a topic cannot be named '\(name)'"
    case .character:
      let illegal = name.unicodeScalars.first { scalar in
        !scalar.isASCII || !isLegal(UInt8(truncatingIfNeeded: scalar.value))
      }
      return "a topic's name cannot have the character '\(illegal.map(String.init) ?? "")'"
    }
  }

  /// What a name may have.
  public static let rule = "letters, digits, '.', '_' and '-' are allowed"

  private static func isLegal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

extension TopicName.Flaw {
  /// Why a row's topic cannot be one; does not repeat the row's value.
  public var reason: String {
    switch self {
    case .empty: "the topic is empty"
    case .tooLong: "the topic is longer than 249 characters"
    case .dots: "the topic is '.' or '..'"
    case .character: "the topic has a character other than letters, digits, '.', '_' and '-'"
    }
  }
}
