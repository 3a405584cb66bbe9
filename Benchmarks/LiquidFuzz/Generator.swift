import Values

/// Random numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Makes templates and data.
struct Generator {
  var random: SeededGenerator

  mutating func pick<T>(_ items: [T], or fallback: T) -> T {
    items.randomElement(using: &random) ?? fallback
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func count(_ limit: Int) -> Int { Int.random(in: 0...limit, using: &random) }

  static let names = ["a", "b", "row", "items", "x", "deep", "n", "s", "t", "forloop", "self"]
  static let filters = [
    "abs", "append: 'x'", "append: s", "at_least: 3", "at_most: n", "base64_decode",
    "base64_encode", "base64_url_safe_decode", "base64_url_safe_encode", "capitalize", "ceil",
    "compact", "compact: 'k'", "concat: items", "date: '%Y-%m-%d %H:%M:%S %z %j %U %G-%V %s %N'",
    "date: s", "default: 'd'", "default: n, allow_false: true", "divided_by: n",
    "divided_by: 0.3", "downcase", "escape", "escape_once", "find: 'k', 1", "find_index: 'k'",
    "first", "floor", "has: 'k'", "join: ', '", "last", "lstrip", "map: 'k'", "minus: 1.5",
    "modulo: 7", "modulo: n", "newline_to_br", "plus: n", "prepend: s", "reject: 'k'",
    "remove: 'a'", "remove_first: s", "remove_last: 'b'", "replace: '', s", "replace: 'a', s",
    "replace_first: s, 'y'", "replace_last: 'a', 'b'", "reverse", "round", "round: 2", "round: n",
    "rstrip", "size", "slice: 1, 3", "slice: -2", "slice: n, n", "sort", "sort: 'k'",
    "sort_natural", "split: ''", "split: s", "squish", "strip", "strip_html", "strip_newlines",
    "sum", "sum: 'k'", "times: n", "times: 1e5", "truncate: 5", "truncate: n, s",
    "truncatewords: 2", "uniq", "upcase", "url_decode", "url_encode", "where: 'k'",
    "where: 'k', 2", "json", "sha256", "sha1", "md5", "hmac_sha256: s", "hmac_sha1: 'k'",
    "to_number", "to_integer", "to_boolean", "parse_json", "uuid_v5: 'dns'", "compact_object",
    "only: 'k', 'a'", "except: 'k'", "keys", "values", "merge: deep", "nosuch", "slice",
  ]

  mutating func value() -> String {
    switch count(11) {
    case 0: return "\(Int.random(in: -20...200, using: &random))"
    case 1: return pick(["1.5", "-0.25", "99999999999999999999", "0"], or: "0")
    case 2: return pick(["'a b'", "\"q'\"", "''", "'<b>\\n'"], or: "''")
    case 3: return "(1..\(pick(["3", "n", "-2", "99999999"], or: "3")))"
    case 4: return pick(["nil", "true", "false", "blank", "empty"], or: "nil")
    case 5: return "\(name())[\(value())]"
    case 6: return "\(name()).\(pick(["k", "size", "first", "last", "index", "a-b?"], or: "k"))"
    case 7: return "deep.k.k[0]['k']"
    default: return name()
    }
  }

  mutating func name() -> String { pick(Generator.names, or: "a") }

  mutating func filtered() -> String {
    var text = value()
    for _ in 0..<count(3) { text += " | " + pick(Generator.filters, or: "size") }
    return text
  }

  mutating func condition() -> String {
    var text = value()
    if chance(70) {
      text += " \(pick(["==", "!=", "<", ">", "<=", ">=", "<>", "contains"], or: "==")) \(value())"
    }
    return chance(25) ? text + " \(pick(["and", "or"], or: "and")) " + condition() : text
  }

  mutating func body(_ depth: Int) -> String {
    (0...count(3)).map { _ in piece(depth) }.joined()
  }

  mutating func piece(_ depth: Int) -> String {
    let dash = pick(["", "-", ""], or: "")
    guard depth > 0 else { return "{{\(dash) \(filtered()) }}" }
    let inner = depth - 1
    switch count(19) {
    case 0:
      return
        "{%\(dash) if \(condition()) %}\(body(inner)){% elsif \(condition()) %}\(body(inner)){% else %}\(body(inner)){% endif \(dash)%}"
    case 1: return "{% unless \(condition()) %}\(body(inner)){% endunless %}"
    case 2:
      return
        "{% case \(value()) %}{% when \(value()), \(value()) %}\(body(inner)){% else %}\(body(inner)){% endcase %}"
    case 3, 4:
      return
        "{% for \(name()) in \(value()) \(pick(["", "reversed", "limit: n", "offset: continue", "limit: 2 offset: 1"], or: "")) %}\(body(inner)){% else %}\(body(inner)){% endfor %}"
    case 5:
      return
        "{% tablerow \(name()) in \(value()) cols: \(value()) limit: 3 %}\(body(inner)){% endtablerow %}"
    case 6: return pick(["{% break %}", "{% continue %}"], or: "")
    case 7: return "{% cycle \(value()), \(value()) %}"
    case 8, 9: return "{% assign \(name()) = \(filtered()) %}"
    case 10: return "{% capture \(name()) %}\(body(inner)){% endcapture %}"
    case 11: return "{% \(pick(["increment", "decrement"], or: "increment")) \(name()) %}"
    case 12: return "{% comment %}\(body(inner)){% endcomment %}"
    case 13: return "{% raw %}{{ \(value()) }}{% endraw %}"
    case 14: return "{% liquid\n assign x = \(filtered())\n echo \(filtered())\n%}"
    case 15: return "{% render '\(pick(["p", "q"], or: "p"))', x: \(value()) %}"
    case 16: return "{% include '\(pick(["p", "q"], or: "p"))' with \(value()) %}"
    case 17: return "{% ifchanged %}\(body(inner)){% endifchanged %}"
    default: return pick([" text ", "\n", "é{", "%}", "\"", "\\"], or: " ") + "{{ \(filtered()) }}"
    }
  }

  /// A template with bytes deleted, doubled, swapped or made up.
  mutating func mutated(_ template: String) -> String {
    var bytes = Array(template.utf8)
    for _ in 0...count(4) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch count(4) {
      case 0: bytes.remove(at: at)
      case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      case 2: bytes[at] = pick(Array("{}%|:.,[]()'\"-# \n".utf8), or: 0x7B)
      case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 12)], at: at)
      default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &random))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
