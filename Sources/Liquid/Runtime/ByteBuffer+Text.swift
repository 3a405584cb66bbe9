import Text
import JSON
import Values

extension ByteBuffer {
  /// Appends `value` as text, as Liquid prints it.
  mutating func append(text value: Value) {
    switch value {
    case .null: break
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let number): append(integer: number)
    case .bigInteger(let number): append(number.description)
    case .decimal(let number): append(number.text)
    case .float(let number): append(RubyText.float(number))
    case .string(let text): append(text)
    case .array, .object: append(value.text)
    }
  }

  /// Appends `value` as text escaped for the inside of a JSON string.
  mutating func append(escapedText value: Value) {
    switch value {
    case .string(let text): append(escaped: text)
    case .array, .object: append(escaped: value.text)
    case .null, .bool, .integer, .bigInteger, .decimal, .float: append(text: value)
    }
  }
}

extension Value {
  /// The value as text, as Liquid prints it.
  var text: String {
    switch self {
    case .null: ""
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .bigInteger(let number): number.description
    case .decimal(let number): number.text
    case .float(let number): RubyText.float(number)
    case .string(let text): text
    case .array(let items): RubyText.joined(items, "", depth: 0)
    case .object: RubyText.inspected(self, depth: 0)
    }
  }
}

/// How Ruby writes values as text.
enum RubyText {
  private static let depthMax = 500

  /// The items one after the other, also those of arrays in it.
  static func joined(_ items: [Value], _ glue: String, depth: Int) -> String {
    var text = ""
    for (index, item) in items.enumerated() {
      if index > 0 { text += glue }
      if case .array(let inner) = item, depth < depthMax {
        text += joined(inner, glue, depth: depth + 1)
      } else {
        text += item.text
      }
    }
    return text
  }

  /// `{"key"=>value}`, as `inspect` has it.
  static func inspected(_ value: Value, depth: Int) -> String {
    guard depth < depthMax else { return "…" }
    switch value {
    case .null: return "nil"
    case .string(let text): return quoted(text)
    case .array(let items):
      return "[" + items.map { inspected($0, depth: depth + 1) }.joined(separator: ", ") + "]"
    case .object(let object):
      let members = (0..<object.count).map { index in
        let member = object[at: index]
        return "\(quoted(member.key))=>\(inspected(member.value, depth: depth + 1))"
      }
      return "{" + members.joined(separator: ", ") + "}"
    case .bool, .integer, .bigInteger, .decimal, .float: return value.text
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\u{1B}": result += "\\e"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16, uppercase: true)
          result += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// The shortest digits that read back the same; an exponent from 1e16 and below 1e-4.
  static func float(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    let text = number.description
    guard let sign = text.firstIndex(of: "e") else {
      return number.magnitude >= 1e16 || (number != 0 && number.magnitude < 1e-4)
        ? scientific(text) : text
    }
    guard let exponent = Int(text[text.index(after: sign)...]) else { return text }
    let mantissa = String(text[..<sign])
    if exponent >= -4, exponent < 16 { return fixed(mantissa, exponent) }
    let digits = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    let point = mantissa.contains(".") ? mantissa : mantissa + ".0"
    return point + (exponent < 0 ? "e-" : "e+") + digits
  }

  private static func fixed(_ mantissa: String, _ exponent: Int) -> String {
    let isNegative = mantissa.hasPrefix("-")
    var digits = mantissa.filter { $0 != "-" && $0 != "." }
    if exponent < 0 {
      digits = "0." + String(repeating: "0", count: -exponent - 1) + digits
    } else {
      if digits.utf8.count <= exponent {
        digits += String(repeating: "0", count: exponent + 1 - digits.utf8.count)
      }
      let point = digits.index(digits.startIndex, offsetBy: exponent + 1)
      let fraction = digits[point...]
      digits = digits[..<point] + "." + (fraction.isEmpty ? "0" : fraction)
    }
    return (isNegative ? "-" : "") + digits
  }

  private static func scientific(_ text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return text }
    let all = parts[0] + (parts[1] == "0" ? "" : parts[1])
    let significant = all.drop { $0 == "0" }
    let exponent = parts[0].count - 1 - (all.count - significant.count)
    var digits = String(significant)
    while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
    let first = digits.removeFirst()
    let size = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    return (isNegative ? "-" : "") + "\(first)." + (digits.isEmpty ? "0" : digits)
      + (exponent < 0 ? "e-" : "e+") + size
  }
}
