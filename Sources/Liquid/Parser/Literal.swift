import Values

/// What words and digits mean by themselves.
enum Literal {
  /// The words that are values; `blank` and `empty` are empty strings but in conditions.
  static func word(_ word: String) -> Expression? {
    switch word {
    case "nil", "null", "": .literal(.null)
    case "true": .literal(.bool(true))
    case "false": .literal(.bool(false))
    case "blank": .literal(.blank)
    case "empty": .literal(.empty)
    default: nil
    }
  }

  /// An integer of any size, or a float.
  static func number(_ text: String) -> Expression? {
    if text.utf8.contains(UInt8(ascii: ".")) {
      return Double(text).map { .literal(.value(.float($0))) }
    }
    return BigInteger(text).map { .literal(.value(Value.integer($0))) }
  }
}
