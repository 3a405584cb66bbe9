internal import Text
internal import JSON
internal import Rows

/// Writes a value as the type that the user gave its column in `types:`.
enum Cast {
  /// How the database holds the value.
  enum Storage {
    case integer, real, text, bytes
  }

  /// Appends the JSON of `value`, or rejects what does not fit.
  static func append(
    _ value: UnsafeRawBufferPointer,
    storage: Storage,
    as kind: ColumnType.Kind,
    scanner: JSONScanner,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    switch kind {
    case .integer: try appendInteger(value, storage, to: &output)
    case .numeric, .float: try appendNumber(value, storage: storage, kind: kind, to: &output)
    case .boolean: try appendBoolean(value, storage, to: &output)
    case .json: try appendJSON(value, storage: storage, scanner: scanner, to: &output)
    case .bytes:
      output.append(UInt8(ascii: "\""))
      Base64.append(value, to: &output)
      output.append(UInt8(ascii: "\""))
    case .timestamp, .timestampWithZone, .date:
      try appendDate(value, storage: storage, kind: kind, to: &output)
    case .text, .dynamic:
      guard output.append(quoted: value, invalid: .refuse) else { throw .notUTF8 }
    }
  }

  private static func appendInteger(
    _ value: UnsafeRawBufferPointer,
    _ storage: Storage,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if storage == .real {
      guard let real = Double(text(value)), let whole = Int(exactly: real) else {
        throw misfit(.integer)
      }
      return output.append(decimal: whole)
    }
    guard storage != .bytes, isInteger(value) else { throw misfit(.integer) }
    output.append(value)
  }

  private static func appendNumber(
    _ value: UnsafeRawBufferPointer,
    storage: Storage,
    kind: ColumnType.Kind,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if ["NaN", "Infinity", "-Infinity"].contains(text(value)) {
      return FieldWriter.appendNumber(value, to: &output)
    }
    guard storage != .bytes, isNumber(value) else { throw misfit(kind) }
    output.append(value)
  }

  private static func appendBoolean(
    _ value: UnsafeRawBufferPointer,
    _ storage: Storage,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    switch text(value).lowercased() {
    case "1", "t", "true", "y", "yes", "on": output.append("true")
    case "0", "f", "false", "n", "no", "off": output.append("false")
    case "1.0" where storage == .real: output.append("true")
    case "0.0" where storage == .real: output.append("false")
    default: throw misfit(.boolean)
    }
  }

  private static func appendJSON(
    _ value: UnsafeRawBufferPointer,
    storage: Storage,
    scanner: JSONScanner,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if storage == .real { return FieldWriter.appendNumber(value, to: &output) }
    do {
      try scanner.compact(value, into: &output)
    } catch {
      throw Rejection("it holds no valid JSON", error, of: "its text")
    }
  }

  private static func appendDate(
    _ value: UnsafeRawBufferPointer,
    storage: Storage,
    kind: ColumnType.Kind,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    let isDate = kind == .date
    let written: String? =
      switch storage {
      case .integer: Int(text(value)).flatMap { ISODate.text(unixSeconds: $0, isDate: isDate) }
      case .real: Double(text(value)).flatMap { ISODate.text(unixSeconds: $0, isDate: isDate) }
      case .text: ISODate.text(parsing: text(value), isDate: isDate)
      case .bytes: nil
      }
    guard let written else { throw misfit(kind) }
    output.append(quoted: written)
  }

  private static func text(_ value: UnsafeRawBufferPointer) -> String {
    String(decoding: value.prefix(512), as: UTF8.self)
  }

  private static func isInteger(_ value: UnsafeRawBufferPointer) -> Bool {
    isNumber(value) && value.allSatisfy { $0 == UInt8(ascii: "-") || isDigit($0) }
  }

  private static func isNumber(_ value: UnsafeRawBufferPointer) -> Bool {
    guard let last = value.last, let first = value.first, isDigit(last) else { return false }
    guard first == UInt8(ascii: "-") || isDigit(first) else { return false }
    return (try? JSONScanner().validate(value)) != nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func misfit(_ kind: ColumnType.Kind) -> Rejection {
    Rejection(
      "its value is not a valid \(kind == .timestampWithZone ? "timestamp" : kind.rawValue)"
    )
  }
}
