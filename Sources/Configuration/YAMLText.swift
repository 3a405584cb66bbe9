import Text
import Values

/// Writes values as YAML that reads back the same.
enum YAMLText {
  /// `key: value`, over several lines where it nests.
  static func lines(_ key: String, _ value: Value) -> [String] {
    let name = scalar(key)
    guard case .object(let object) = value, !object.isEmpty else {
      return ["\(name): \(flow(value))"]
    }
    return ["\(name):"] + zip(object.keys, object.values).flatMap(lines).map { "  \($0)" }
  }

  /// A value in one line.
  static func flow(_ value: Value) -> String {
    switch value {
    case .object(let object):
      let members = zip(object.keys, object.values).map { "\(scalar($0)): \(flow($1))" }
      return "{\(members.joined(separator: ", "))}"
    case .array(let items): return "[\(items.map(flow).joined(separator: ", "))]"
    case .string(let text): return scalar(text.replacing("${", with: "$${"))
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .integer(let integer): return String(integer)
    case .bigInteger(let integer): return integer.description
    case .decimal(let decimal): return decimal.text
    case .float(let float): return float.isFinite ? float.description : scalar(float.description)
    }
  }

  /// Words stand as they are, everything else in quotes.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map(isLetter) == true && text.utf8.last != UInt8(ascii: " ")
      && text.utf8.allSatisfy {
        isLetter($0) || (48...57).contains($0) || "_-./@ ".utf8.contains($0)
      }
      && ScalarKind(text, isPlain: true) == .string
    return isPlain ? text : quoted(text)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }

  /// In double quotes, with everything escaped that YAML does not take as it is.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case let scalar where isPrintable(scalar): result.unicodeScalars.append(scalar)
      default: result += "\\U" + Hexadecimal.text(scalar.value)
      }
    }
    return result + "\""
  }

  /// Whether YAML 1.2 takes it as it is inside of quotes (section 5.1), and no editor breaks a line.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }
}
