import Text

extension JSONState {
  /// Deeper than this nothing is told apart.
  private static let depthMax = 64

  /// The states after `byte`; none if it cannot stand here.
  func after(_ byte: UInt8, at place: TemplatePlace) -> [JSONState] {
    switch position {
    case .string(let isName, let inner): return afterString(byte, isName: isName, place: inner)
    case .word(let word, let count): return afterWord(byte, first: word, count: count)
    case .open:
      if Self.continuesNumber(byte) { return [self] }
      return at(.end).after(byte, at: place)
    case .token:
      if byte.isLetter || Self.continuesNumber(byte) { return [self] }
      return at(.end).after(byte, at: place) + at(.colon).after(byte, at: place)
    case .value, .memberValue, .valueOrEnd, .name, .nameOrEnd, .colon, .end: break
    }
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D: return [self]
    case UInt8(ascii: ","): return position == .end ? afterComma : []
    case UInt8(ascii: ":"): return position == .colon ? [at(.memberValue)] : []
    case UInt8(ascii: "]"), UInt8(ascii: "}"): return closed(byte)
    case UInt8(ascii: "\""): return opened(at: place)
    default: return takesValue ? afterValue(byte, at: place) : []
    }
  }

  /// The states after the value of an output; none if it cannot stand here.
  var afterOutput: [JSONState] {
    switch position {
    case .value, .memberValue, .valueOrEnd, .open: [at(.open)]
    // A string may be a name.
    case .name, .nameOrEnd: [at(.colon)]
    case .string(_, JSONPlace.inside), .token: [self]
    case .colon, .end, .word, .string: []
    }
  }

  /// Whether nothing is owed any more.
  var isComplete: Bool {
    guard levels.allSatisfy({ $0.container == .unknown }) else { return false }
    switch position {
    case .end, .open, .token: return true
    case .value, .memberValue, .valueOrEnd, .name, .nameOrEnd, .colon: return !levels.isEmpty
    case .word: return false
    case .string: return false
    }
  }

  func at(_ position: Position) -> JSONState {
    var state = self
    state.position = position
    return state
  }

  var takesValue: Bool {
    position == .value || position == .memberValue || position == .valueOrEnd
  }

  private var takesName: Bool { position == .name || position == .nameOrEnd }

  private var afterComma: [JSONState] {
    switch container {
    case .array: [at(.value)]
    case .object: [at(.name)]
    case .unknown: [at(.value), at(.name)]
    case nil: []
    }
  }

  private func closed(_ byte: UInt8) -> [JSONState] {
    let isArray = byte == UInt8(ascii: "]")
    let mayEnd = position == .end || position == (isArray ? .valueOrEnd : .nameOrEnd)
    guard mayEnd, let container else { return [] }
    if container == .unknown { return [at(.end)] }
    guard (container == .array) == isArray else { return [] }
    var state = at(.end)
    state.levels.removeLast()
    return [state]
  }

  private func opened(at place: TemplatePlace) -> [JSONState] {
    guard takesValue || takesName else { return [] }
    var state = at(.string(isName: takesName, JSONPlace.inside))
    state.start = place
    return [state]
  }

  private func afterValue(_ byte: UInt8, at place: TemplatePlace) -> [JSONState] {
    switch byte {
    case UInt8(ascii: "["): [pushed(.array, place).at(.valueOrEnd)]
    case UInt8(ascii: "{"): [pushed(.object, place).at(.nameOrEnd)]
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): [at(.word(byte, 1))]
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): [at(.open)]
    default: []
    }
  }

  private func pushed(_ container: Container, _ place: TemplatePlace) -> JSONState {
    var state = self
    state.levels.append(Level(container: container, place: place))
    if state.levels.count > Self.depthMax {
      state.levels.removeFirst()
      state.levels[0].container = .unknown
    }
    return state
  }

  private func afterWord(_ byte: UInt8, first: UInt8, count: Int) -> [JSONState] {
    let word: [UInt8] =
      switch first {
      case UInt8(ascii: "t"): Array("true".utf8)
      case UInt8(ascii: "f"): Array("false".utf8)
      default: Array("null".utf8)
      }
    guard byte == word[count] else { return [] }
    return [at(count + 1 == word.count ? .end : .word(first, count + 1))]
  }

  private func afterString(_ byte: UInt8, isName: Bool, place: UInt8) -> [JSONState] {
    if byte < 0x20 { return [] }
    if place == JSONPlace.escape, !Self.escapes.contains(byte) { return [] }
    if place > JSONPlace.escape, Hexadecimal.value(byte) == nil { return [] }
    let next = JSONPlace.next(place, byte)
    if next == JSONPlace.outside { return [at(isName ? .colon : .end)] }
    return [at(.string(isName: isName, next))]
  }

  private static let escapes = Array("\"\\/bfnrtu".utf8)

  /// Whether a number may hold `byte` after its first digit.
  private static func continuesNumber(_ byte: UInt8) -> Bool {
    byte.isDigit || Array(".eE+-".utf8).contains(byte)
  }
}
