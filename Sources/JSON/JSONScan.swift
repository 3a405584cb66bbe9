internal import Text

/// One pass of a scanner over one text.
///
/// What is to be kept is copied in runs: a run ends where white space begins. All reads stay below
/// `count`, all writes below what was read.
struct JSONScan {
  /// What is wrong at `position`; made into an error, with line and column, outside the hot loop.
  struct Fault: Error {
    var code: JSONError.Code
    var offset: Int
    var reason: StaticString

    func error(in text: UnsafeRawBufferPointer) -> JSONError {
      JSONError(code, at: min(offset, text.count), in: text, reason.description)
    }
  }

  let text: UnsafeRawPointer
  let count: Int
  let output: UnsafeMutableRawPointer?
  /// The closing brackets owed, one byte a level.
  let stack: UnsafeMutableRawPointer
  let depthMax: Int
  var position = 0
  var written = 0
  var runStart = 0
  var depth = 0

  init(
    text: UnsafeRawPointer,
    count: Int,
    output: UnsafeMutableRawPointer?,
    stack: UnsafeMutableRawPointer,
    depthMax: Int
  ) {
    self.text = text
    self.count = count
    self.output = output
    self.stack = stack
    self.depthMax = depthMax
  }

  @inline(__always) func byte(_ index: Int) -> UInt8 {
    text.load(fromByteOffset: index, as: UInt8.self)
  }

  mutating func run() throws(Fault) {
    skipSpace()
    while true {
      if try !openOrScalar() { continue }
      if try !closeLevels() { continue }
      break
    }
    if position < count { throw unexpected("text after the value") }
    flush(upTo: position)
  }

  /// Scans a scalar or opens an array or object; true when a whole value has been read.
  @inline(__always) private mutating func openOrScalar() throws(Fault) -> Bool {
    guard position < count else { throw unexpected("a value is missing") }
    switch byte(position) {
    case UInt8(ascii: "\""):
      try string()
    case UInt8(ascii: "{"):
      return try openObject()
    case UInt8(ascii: "["):
      return try openArray()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      try number()
    case UInt8(ascii: "t"):
      try word("true")
    case UInt8(ascii: "f"):
      try word("false")
    case UInt8(ascii: "n"):
      try word("null")
    default:
      throw unexpected("a value is expected")
    }
    return true
  }

  /// After a whole value: closes what ends here; true at the end of the text's value.
  @inline(__always) private mutating func closeLevels() throws(Fault) -> Bool {
    while true {
      skipSpace()
      if depth == 0 { return true }
      guard position < count else { throw unexpected("an array or object is not closed") }
      let closing = stack.load(fromByteOffset: depth - 1, as: UInt8.self)
      let next = byte(position)
      position += 1
      if next == UInt8(ascii: ",") {
        skipSpace()
        if closing == UInt8(ascii: "}") { try memberName() }
        return false
      }
      guard next == closing else {
        position -= 1
        throw unexpected("a comma or the closing bracket is expected")
      }
      depth -= 1
    }
  }

  @inline(__always) private mutating func openObject() throws(Fault) -> Bool {
    try push(UInt8(ascii: "}"))
    if position < count, byte(position) == UInt8(ascii: "}") {
      position += 1
      depth -= 1
      return true
    }
    try memberName()
    return false
  }

  @inline(__always) private mutating func openArray() throws(Fault) -> Bool {
    try push(UInt8(ascii: "]"))
    if position < count, byte(position) == UInt8(ascii: "]") {
      position += 1
      depth -= 1
      return true
    }
    return false
  }

  @inline(__always) private mutating func push(_ closing: UInt8) throws(Fault) {
    guard depth < depthMax else {
      throw Fault(code: .tooDeep, offset: position, reason: "arrays and objects nest too deep")
    }
    stack.storeBytes(of: closing, toByteOffset: depth, as: UInt8.self)
    depth += 1
    position += 1
    skipSpace()
  }

  @inline(__always) private mutating func memberName() throws(Fault) {
    guard position < count, byte(position) == UInt8(ascii: "\"") else {
      throw unexpected("a member's name in quotes is expected")
    }
    try string()
    skipSpace()
    guard position < count, byte(position) == UInt8(ascii: ":") else {
      throw unexpected("a colon is expected")
    }
    position += 1
    skipSpace()
  }

  @inline(__always) private mutating func skipSpace() {
    guard position < count, byte(position) <= 0x20 else { return }
    skipSpaceSlowly()
  }

  @inline(never) private mutating func skipSpaceSlowly() {
    let start = position
    while position < count {
      switch byte(position) {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default:
        flush(upTo: start)
        runStart = position
        return
      }
    }
    flush(upTo: start)
    runStart = position
  }

  /// Copies the run up to `end`.
  private mutating func flush(upTo end: Int) {
    guard end > runStart else { return }
    output?.advanced(by: written).copyBytes(from: text + runStart, count: end - runStart)
    written += end - runStart
    runStart = end
  }

  @inline(__always) private mutating func word(_ word: StaticString) throws(Fault) {
    for index in 0..<word.utf8CodeUnitCount {
      guard position + index < count else {
        position = count
        throw unexpected("a value is cut off")
      }
      guard byte(position + index) == word.utf8Start[index] else {
        throw unexpected("true, false or null is expected")
      }
    }
    position += word.utf8CodeUnitCount
  }

  func unexpected(_ reason: StaticString) -> Fault {
    Fault(
      code: position < count ? .unexpectedByte : .unexpectedEnd,
      offset: position,
      reason: reason
    )
  }
}
