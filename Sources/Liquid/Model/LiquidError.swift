/// What is wrong with a template, or went wrong while it was rendered, and where.
public struct LiquidError: Error, Sendable, Equatable {
  /// What kind of fault it is.
  public enum Code: Sendable, Equatable {
    /// The template does not follow the grammar.
    case syntax
    /// A tag that Liquid does not have.
    case unknownTag
    /// A filter that Liquid does not have.
    case unknownFilter
    /// A variable or column that the schema does not have.
    case unknownVariable
    /// A value that a filter or tag cannot work with.
    case argument
    /// A division by zero.
    case zeroDivision
    /// A partial that is missing or not allowed.
    case partial
    /// One of the limits was reached.
    case limit
    /// In JSON mode, a value in a place where none can stand.
    case place
  }

  /// What kind of fault it is.
  public let code: Code

  /// What is wrong, in words, without the position.
  public let message: String

  /// The name of the template or partial.
  public let template: String

  /// The line, from 1.
  public let line: Int

  /// The column in characters, from 1.
  public let column: Int

  /// The template's line.
  public let sourceLine: String

  /// What to write instead, if that can be guessed.
  public let hint: String?

  /// What else is wrong with the template, in the order of its source.
  public private(set) var others: [LiquidError] = []

  /// The error and the others, in the order of the source.
  public var all: [LiquidError] { [self] + others }

  init(_ fault: Fault, offset: Int, template: String, source: [UInt8]) {
    code = fault.code
    message = fault.message
    hint = fault.hint
    self.template = template
    let place = SourcePlace(offset: fault.offset ?? offset, in: source)
    line = place.line
    column = place.column
    sourceLine = place.text
  }
}

extension LiquidError {
  /// `faults` of one source and `last` as one error, in the order of the source, one for each place.
  init(_ faults: [Fault], and last: Fault, in source: SourceText) {
    let all = faults + [last]
    let places = all.map { $0.offset ?? 0 }
    var told: [(place: Int, fault: Fault)] = []
    for (place, fault) in zip(places, all).sorted(by: { $0.0 < $1.0 })
    where told.last?.place != place {
      told.append((place, fault))
    }
    var errors = told.map { place, fault in
      LiquidError(fault, offset: place, template: source.name, source: source.bytes)
    }
    self = errors.removeFirst()
    others = errors
  }
}

extension LiquidError: CustomStringConvertible {
  /// `template:line:column: error: …`, the line and a caret under the place.
  public var description: String {
    var text = "\(template):\(line):\(column): error: \(message)"
    if let hint { text += " (\(hint))" }
    let indent = sourceLine.unicodeScalars.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }
    return text + "\n\(sourceLine)\n\(indent.joined())^"
  }
}

/// A fault before it is known where in which template it belongs.
struct Fault: Error {
  var code: LiquidError.Code
  var message: String
  var hint: String?
  /// Where in the source, in bytes, if that is known better than by the instruction.
  var offset: Int?
  /// The error inside a partial that this fault carries outwards.
  var cause: LiquidError?
  /// Whether it may be written into the output although it is a limit.
  var isInline = false

  init(
    _ code: LiquidError.Code,
    _ message: String,
    at offset: Int? = nil,
    hint: String? = nil
  ) {
    self.code = code
    self.message = message
    self.offset = offset
    self.hint = hint
  }

  static func argument(_ message: String) -> Fault { Fault(.argument, message) }

  init(carrying error: LiquidError) {
    self.init(error.code, error.message)
    cause = error
  }
}

/// A place in a source as people name it.
struct SourcePlace {
  var line = 1
  var column = 1
  var text = ""

  init(offset: Int, in source: [UInt8]) {
    let offset = min(max(offset, 0), source.count)
    var start = 0
    for index in 0..<offset where source[index] == UInt8(ascii: "\n") {
      line += 1
      start = index + 1
    }
    let end = source[start...].firstIndex(of: UInt8(ascii: "\n")) ?? source.count
    column = 1 + String(decoding: source[start..<offset], as: UTF8.self).unicodeScalars.count
    text = String(decoding: source[start..<end], as: UTF8.self)
  }
}
