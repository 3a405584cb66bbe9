internal import Text
internal import JSON
internal import Values

extension Function {
  /// Applies a function that cannot fail to arguments of the types that it takes.
  func apply(_ arguments: Arguments) -> Value {
    let first = arguments.first
    switch self {
    case .abs: return first.magnitude
    case .ceil: return first.rounded(up: true)
    case .floor: return first.rounded(up: false)
    case .sum: return Value.sum(first.items)
    case .avg: return Value.average(first.items)
    case .max: return first.items.extreme { $0.precedes($1) }
    case .min: return first.items.extreme { $1.precedes($0) }
    case .sort: return .array(first.items.sortedStably { $0.precedes($1) })
    case .reverse: return first.reversed
    case .length: return .integer(first.length)
    case .keys: return .array(first.members.keys.map(Value.string))
    case .values: return .array(first.members.values)
    case .merge: return merged(arguments.all)
    case .notNull: return arguments.all.first { !$0.isNull } ?? .null
    case .type: return .string(first.typeName)
    case .toArray:
      if case .array = first { return first }
      return .array([first])
    case .toNumber:
      if case .string(let text) = first { return Value.number(text) ?? .null }
      return first.isNumber ? first : .null
    case .join: return .string(arguments.second.items.joined(by: first.text))
    case .startsWith: return .bool(first.text.utf8.starts(with: arguments.second.text.utf8))
    case .endsWith:
      return .bool(first.text.utf8.reversed().starts(with: arguments.second.text.utf8.reversed()))
    case .contains, .map, .maxBy, .minBy, .sortBy, .toString: return .null
    }
  }

  private func merged(_ objects: [Value]) -> Value {
    var result = objects.first?.members ?? Object()
    for object in objects.dropFirst() {
      for index in 0..<object.members.count {
        let member = object.members[at: index]
        result[member.key] = member.value
      }
    }
    return .object(result)
  }
}

extension Value {
  /// A string's text, empty of anything else.
  var text: String {
    if case .string(let text) = self { return text }
    return ""
  }

  /// The members of an object, none of anything else.
  fileprivate var members: Object {
    if case .object(let object) = self { return object }
    return Object()
  }

  fileprivate var reversed: Value {
    guard case .string(let text) = self else { return .array(items.reversed()) }
    return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
  }

  /// Code points, items or members.
  fileprivate var length: Int {
    switch self {
    case .string(let text): text.unicodeScalars.count
    case .object(let object): object.count
    default: items.count
    }
  }

  /// Its compact JSON.
  var jsonText: String {
    var output = ByteBuffer()
    output.append(json: self)
    return String(decoding: output.bytes, as: UTF8.self)
  }
}

extension [Value] {
  /// The texts of the items with `separator` between them.
  fileprivate func joined(by separator: String) -> String {
    var result = ""
    for (index, item) in enumerated() {
      if index > 0 { result += separator }
      if case .string(let text) = item { result += text }
    }
    return result
  }

  /// The first item that `isLess` puts behind all others, null of none.
  fileprivate func extreme(_ isLess: (Value, Value) -> Bool) -> Value {
    guard var best = first else { return .null }
    for item in dropFirst() where isLess(best, item) { best = item }
    return best
  }
}

extension String {
  /// Whether `part` is somewhere in it, by code points.
  func holds(_ part: String) -> Bool {
    if part.isEmpty { return true }
    let bytes = Array(utf8)
    let wanted = Array(part.utf8)
    guard bytes.count >= wanted.count else { return false }
    return (0...bytes.count - wanted.count).contains { start in
      bytes[start] == wanted[0] && bytes[start..<start + wanted.count].elementsEqual(wanted)
    }
  }
}
