/// The usual form of a date, `2016-03-14` or `2016-03-14T10:00:00.123+01:00`, read byte by byte.
struct ISOTime {
  private var rest: Substring.UTF8View

  /// The fields of `text` where it is of this form from its first byte to its last, else nil.
  static func fields(_ text: String) -> DateFields? {
    var scan = ISOTime(rest: text[...].utf8)
    return scan.read()
  }

  private mutating func read() -> DateFields? {
    var fields = DateFields()
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2)
    else { return nil }
    (fields.year, fields.month, fields.day) = (year, month, day)
    if rest.isEmpty { return fields }
    guard take("t") || take(" "), let hour = number(2), take(":"), let minute = number(2) else {
      return nil
    }
    (fields.hour, fields.minute) = (hour, minute)
    if take(":") {
      guard let second = number(2) else { return nil }
      fields.second = second
      if take(".") {
        let digits = rest.prefix(while: \.isDigit)
        guard !digits.isEmpty else { return nil }
        fields.nanoseconds = DateFields.fraction(String(decoding: digits, as: UTF8.self))
        rest = rest[digits.endIndex...]
      }
    }
    return readZone(into: &fields) ? fields : nil
  }

  private mutating func readZone(into fields: inout DateFields) -> Bool {
    if rest.isEmpty { return true }
    let zone = rest
    if take("z") {
      fields.zone = "z"
      return rest.isEmpty
    }
    guard take("+") || take("-"), number(2) != nil else { return false }
    if !rest.isEmpty {
      _ = take(":")
      guard number(2) != nil else { return false }
    }
    fields.zone = String(decoding: zone, as: UTF8.self)
    return rest.isEmpty
  }

  private mutating func number(_ length: Int) -> Int? {
    let digits = rest.prefix(length)
    guard digits.count == length, digits.allSatisfy(\.isDigit) else { return nil }
    rest = rest[digits.endIndex...]
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Takes the byte of `character`, in either case.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let byte = rest.first, byte | 0x20 == UInt8(ascii: character) | 0x20 else { return false }
    rest = rest.dropFirst()
    return true
  }
}
