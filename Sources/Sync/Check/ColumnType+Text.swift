internal import Rows

extension ColumnType {
  /// Whether the text of a value in a key may hold `character`.
  func mayHold(_ character: Character) -> Bool {
    guard arrayDelimiter == nil, let byte = character.asciiValue else { return true }
    let isDigit = (48...57).contains(byte)
    let isLetter = (65...90).contains(byte) || (97...122).contains(byte)
    let marks: String
    switch kind {
    case .integer: return isDigit || character == "-"
    case .text where declared == "uuid" && !isCast: return isDigit || isLetter || character == "-"
    case .boolean: return isLetter
    case .numeric, .float: marks = "-+."
    // Years before Christ and the infinities have letters.
    case .date: marks = "- "
    case .timestamp, .timestampWithZone: marks = "-+.: "
    case .text, .json, .bytes, .dynamic: return true
    }
    return isDigit || isLetter || marks.contains(character)
  }
}
