/// Why no JSON can come of a template, and how to look for more after it.
///
/// The first ones are told if several are possible.
enum JSONFlaw: Int, Comparable {
  case commaMissing
  case colonMissing
  case commaBeforeEnd
  case valueMissing
  case stringNotClosed
  case stringControl
  case escape
  case outputInEscape
  case wrongBracket
  case needlessBracket
  case secondValue
  case nameExpected
  case valueExpected
  case endExpected

  static func < (left: JSONFlaw, right: JSONFlaw) -> Bool { left.rawValue < right.rawValue }

  /// Why `byte`, or the value of an output, cannot stand at `state`.
  init(_ state: JSONState, at byte: UInt8?) {
    switch state.position {
    case .string(_, let place):
      let isBreak = byte == 0x0A || byte == 0x0D
      if byte == nil {
        self = .outputInEscape
      } else if place > JSONPlace.inside {
        self = .escape
      } else {
        self = isBreak ? .stringNotClosed : .stringControl
      }
    case .value, .memberValue, .valueOrEnd, .word:
      self = Self.withoutValue(state, byte)
    case .name, .nameOrEnd:
      self = Self.withoutName(state, byte)
    case .colon: self = .colonMissing
    case .end, .open, .token: self = Self.afterValue(state, byte)
    }
  }

  private static func withoutName(_ state: JSONState, _ byte: UInt8?) -> JSONFlaw {
    guard isEnd(byte) else { return .nameExpected }
    return state.position == .name ? .commaBeforeEnd : .wrongBracket
  }

  private static func withoutValue(_ state: JSONState, _ byte: UInt8?) -> JSONFlaw {
    let isInArray = state.container == .array
    if state.position == .value, isInArray, isEnd(byte) { return .commaBeforeEnd }
    if state.position == .valueOrEnd, isEnd(byte) { return .wrongBracket }
    let isOwed = state.position == .memberValue || isInArray
    if isOwed, isEnd(byte) || byte == UInt8(ascii: ",") { return .valueMissing }
    return .valueExpected
  }

  private static func afterValue(_ state: JSONState, _ byte: UInt8?) -> JSONFlaw {
    if isEnd(byte) { return state.levels.isEmpty ? .needlessBracket : .wrongBracket }
    guard byte.map(beginsValue) ?? true else { return .endExpected }
    return state.levels.isEmpty ? .secondValue : .commaMissing
  }

  private static func beginsValue(_ byte: UInt8) -> Bool {
    byte.isDigit || Array("\"[{-tfn".utf8).contains(byte)
  }

  private static func isEnd(_ byte: UInt8?) -> Bool {
    byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
  }

  /// What is wrong, in words.
  var message: String {
    switch self {
    case .commaMissing: "a comma is missing before this"
    case .colonMissing: "a colon is missing before this"
    case .commaBeforeEnd: "nothing stands between the last comma and this bracket"
    case .valueMissing: "a value is missing before this"
    case .stringNotClosed: "this string is not closed in its line"
    case .stringControl: "a control character in a string must be escaped"
    case .escape: "JSON does not have this escape"
    case .outputInEscape: "a value cannot stand in the middle of an escape such as \\n"
    case .wrongBracket: "this bracket closes another kind of bracket"
    case .needlessBracket: "this bracket closes nothing"
    case .secondValue: "a message is one JSON value: this is a second one"
    case .nameExpected: "a member's name in quotes is expected"
    case .valueExpected: "a JSON value is expected"
    case .endExpected: "a comma or the closing bracket is expected"
    }
  }

  /// What to write instead.
  var hint: String? {
    switch self {
    case .stringNotClosed: "write a line feed in a string as \\n"
    case .valueExpected, .endExpected: "text needs quotes"
    case .commaMissing, .colonMissing, .commaBeforeEnd, .valueMissing, .stringControl, .escape,
      .outputInEscape, .wrongBracket, .needlessBracket, .secondValue, .nameExpected:
      nil
    }
  }

  /// `state` as if this had not been wrong; nil if nobody can say.
  func mended(_ state: JSONState) -> [JSONState]? {
    switch self {
    case .commaMissing:
      switch state.container {
      case .array: [state.at(.value)]
      case .object: [state.at(.name)]
      case .unknown: [state.at(.value), state.at(.name)]
      case nil: nil
      }
    case .colonMissing: [state.at(.memberValue)]
    case .commaBeforeEnd, .valueMissing: [state.at(.end)]
    // The word in its place is skipped.
    case .valueExpected, .endExpected: [state.at(.token)]
    case .stringNotClosed, .stringControl, .escape, .outputInEscape, .wrongBracket,
      .needlessBracket, .secondValue, .nameExpected:
      nil
    }
  }
}
