import Text

/// Ruby's `strftime`: directives with flags and widths.
struct TimeFormat {
  private struct Directive {
    /// `-`, `0`, `^`, `#`, `_` and colons, as they were given.
    var noPadding = false
    var padding: Character?
    var isUpper = false
    var swapsCase = false
    var colons = 0
    var width: Int?
  }

  private static let widthMax = 1024
  private let time: CivilTime
  private var result = ""

  private init(_ time: CivilTime) { self.time = time }

  static func text(_ time: CivilTime, _ format: String) -> String {
    var writer = TimeFormat(time)
    writer.write(format, depth: 0)
    return writer.result
  }

  private mutating func write(_ format: String, depth: Int) {
    var rest = Array(format.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      guard scalar == "%" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      let start = rest
      if !writeDirective(&rest, depth) {
        // What is not a directive is kept as it is.
        result += "%"
        let taken = start.count - rest.count
        result.unicodeScalars.append(contentsOf: start.prefix(taken))
      }
    }
  }

  private mutating func writeDirective(
    _ rest: inout ArraySlice<Unicode.Scalar>,
    _ depth: Int
  ) -> Bool {
    var directive = Directive()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "-": directive.noPadding = true
      case "0" where directive.width == nil: directive.padding = "0"
      case "_": directive.padding = " "
      case "^": directive.isUpper = true
      case "#": directive.swapsCase = true
      case ":": directive.colons += 1
      case "0"..."9":
        let width = (directive.width ?? 0) * 10 + Int(scalar.value - 48)
        directive.width = min(width, TimeFormat.widthMax)
      case "E", "O": continue
      default: return write(scalar, ending: directive, output: depth)
      }
    }
    return false
  }

  private mutating func write(
    _ scalar: Unicode.Scalar,
    ending directive: Directive,
    output depth: Int
  ) -> Bool {
    if directive.colons > 0, scalar != "z" { return false }
    if let composed = TimeFormat.composed[scalar], depth < 2 {
      var inner = TimeFormat(time)
      inner.write(composed, depth: depth + 1)
      append(text: inner.result, directive)
      return true
    }
    if let (number, width, padding) = number(scalar) {
      append(number: number, width: width, padding: padding, directive)
      return true
    }
    guard let text = text(scalar, directive) else { return false }
    append(text: text, directive)
    return true
  }

  private static let composed: [Unicode.Scalar: String] = [
    "c": "%a %b %e %H:%M:%S %Y", "D": "%m/%d/%y", "x": "%m/%d/%y", "F": "%Y-%m-%d",
    "T": "%H:%M:%S", "X": "%H:%M:%S", "R": "%H:%M", "r": "%I:%M:%S %p", "v": "%e-%^b-%Y",
    "+": "%a %b %e %H:%M:%S %Z %Y",
  ]

  private func number(_ scalar: Unicode.Scalar) -> (Int, Int, Character)? {
    let date = time.date
    let hour12 = (time.hour + 11) % 12 + 1
    let sunday = (time.dayOfYear + 6 - time.weekday) / 7
    let monday = (time.dayOfYear + 6 - (time.weekday + 6) % 7) / 7
    switch scalar {
    case "Y": return (date.year, date.year < 0 ? 5 : 4, "0")
    case "C": return (Int((Double(date.year) / 100).rounded(.down)), 2, "0")
    case "y": return (((date.year % 100) + 100) % 100, 2, "0")
    case "m": return (date.month, 2, "0")
    case "d": return (date.day, 2, "0")
    case "e": return (date.day, 2, " ")
    case "j": return (time.dayOfYear, 3, "0")
    case "H": return (time.hour, 2, "0")
    case "k": return (time.hour, 2, " ")
    case "I": return (hour12, 2, "0")
    case "l": return (hour12, 2, " ")
    case "M": return (time.minute, 2, "0")
    case "S": return (time.second, 2, "0")
    case "s": return (time.seconds, 1, "0")
    case "u": return ((time.weekday + 6) % 7 + 1, 1, "0")
    case "w": return (time.weekday, 1, "0")
    case "G": return (time.isoWeek.year, 4, "0")
    case "g": return (time.isoWeek.year % 100, 2, "0")
    case "V": return (time.isoWeek.week, 2, "0")
    case "U": return (sunday, 2, "0")
    case "W": return (monday, 2, "0")
    default: return nil
    }
  }

  private func text(_ scalar: Unicode.Scalar, _ directive: Directive) -> String? {
    switch scalar {
    case "A": return CivilTime.dayNames[time.weekday]
    case "a": return String(CivilTime.dayNames[time.weekday].prefix(3))
    case "B": return CivilTime.monthNames[time.date.month - 1]
    case "b", "h": return String(CivilTime.monthNames[time.date.month - 1].prefix(3))
    case "p":
      let text = time.hour < 12 ? "AM" : "PM"
      return directive.swapsCase ? text.lowercased() : text
    case "P": return time.hour < 12 ? "am" : "pm"
    case "L": return fraction(directive.width ?? 3)
    case "N": return fraction(directive.width ?? 9)
    case "z": return zone(directive)
    case "Z": return time.isUTC ? "UTC" : ""
    case "n": return "\n"
    case "t": return "\t"
    case "%": return "%"
    default: return nil
    }
  }

  private func fraction(_ width: Int) -> String {
    let digits = String(time.nanoseconds + 1_000_000_000).dropFirst()
    return width <= 9
      ? String(digits.prefix(width)) : digits + String(repeating: "0", count: width - 9)
  }

  private func zone(_ directive: Directive) -> String {
    let sign = time.offset < 0 ? "-" : "+"
    let size = abs(time.offset)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (two(size / 3600), two(size / 60 % 60))
    return switch directive.colons {
    case 0: "\(sign)\(hours)\(minutes)"
    case 1: "\(sign)\(hours):\(minutes)"
    default: "\(sign)\(hours):\(minutes):\(two(size % 60))"
    }
  }

  private mutating func append(
    number: Int,
    width: Int,
    padding: Character,
    _ directive: Directive
  ) {
    let padding = directive.padding ?? padding
    var digits = String(number.magnitude)
    let wanted = directive.noPadding ? 0 : directive.width ?? width
    let room = wanted - digits.count - (number < 0 ? 1 : 0)
    let fill = String(repeating: padding, count: max(0, room))
    if padding == "0" {
      digits = (number < 0 ? "-" : "") + fill + digits
    } else {
      digits = fill + (number < 0 ? "-" : "") + digits
    }
    result += digits
  }

  private mutating func append(text: String, _ directive: Directive) {
    var text = text
    if directive.isUpper {
      text = text.uppercased()
    } else if directive.swapsCase, text != "am", text != "pm" {
      text = text.uppercased()
    }
    if let width = directive.width, !directive.noPadding, text.count < width {
      let padding = directive.padding ?? " "
      result += String(repeating: padding, count: width - text.count)
    }
    result += text
  }
}
