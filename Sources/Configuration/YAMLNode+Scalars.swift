import Settings
import Spelling

extension YAMLNode {
  /// Reports that something else was expected; the answer is always nil.
  func expected<Value>(_ what: String, hint: String? = nil) -> Value? {
    if case .unreadable = content { return nil }
    error("expected \(what), found \(described)", hint: hint)
    return nil
  }

  /// A text that is not empty; numbers and booleans want quotes.
  func string(_ what: String = "a text") -> String? {
    guard case .scalar(let text, let isPlain) = content else { return expected(what) }
    guard ScalarKind(text, isPlain: isPlain) == .string else {
      let isNull = ScalarKind(text, isPlain: isPlain) == .null
      return expected(what, hint: isNull || isSecret ? nil : "put it in quotes: \"\(text)\"")
    }
    guard !text.isEmpty else { return expected(what) }
    return text
  }

  /// The text of any scalar but null, as written; it may be empty.
  func text(_ what: String = "a text") -> String? {
    guard case .scalar(let text, let isPlain) = content,
      ScalarKind(text, isPlain: isPlain) != .null
    else { return expected(what) }
    return text
  }

  /// `true` or `false`, also as a text.
  func boolean() -> Bool? {
    guard case .scalar(let text, _) = content,
      case .boolean(let value) = ScalarKind(text, isPlain: true)
    else { return expected("true or false") }
    return value
  }

  /// A whole number in `range`, also as a text.
  func integer(_ what: String, in range: ClosedRange<Int>) -> Int? {
    let upper = range.upperBound == .max ? "" : " to \(range.upperBound)"
    let bound =
      upper.isEmpty ? "of at least \(range.lowerBound)" : "from \(range.lowerBound)\(upper)"
    guard case .scalar(let text, _) = content, YAMLNumber.isInteger(text),
      let value = YAMLNumber.json(text).flatMap({ Int($0) }), range.contains(value)
    else { return expected("\(what), a whole number \(bound)") }
    return value
  }

  /// One of an enum's texts.
  func oneOf<Choice: RawRepresentable & CaseIterable>(
    _ type: Choice.Type,
    _ what: String
  ) -> Choice? where Choice.RawValue == String {
    let choices = Choice.allCases.map(\.rawValue)
    return choice(of: choices, what).flatMap { Choice(rawValue: $0) }
  }

  /// One of `choices`.
  func choice(of choices: [String], _ what: String) -> String? {
    if case .scalar(let text, _) = content {
      if choices.contains(text) { return text }
      let question = Spelling.nearest(to: text, among: choices).map { "did you mean '\($0)'?" }
      let list = choices.listed
      if !isSecret, let question { return expected("\(what): \(list)", hint: question) }
    }
    return expected("\(what): \(choices.listed)")
  }

  /// The items of a list, or one alone.
  func items(_ what: String) -> [YAMLNode]? {
    switch content {
    case .sequence(let items): return items
    case .scalar(let text, let isPlain) where ScalarKind(text, isPlain: isPlain) != .null:
      return [self]
    default: return expected(what)
    }
  }

  /// A list of an enum's texts, each once.
  func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
    _ type: Choice.Type,
    _ what: String
  ) -> Set<Choice> where Choice.RawValue == String {
    var places: [Choice: YAMLNode] = [:]
    for item in items("a list of " + Choice.allCases.map(\.rawValue).listed) ?? [] {
      guard let choice = item.oneOf(type, what) else { continue }
      if let first = places[choice] {
        let related = [Diagnostic.Related(location: first.location, message: "first here")]
        item.error("\(choice.rawValue.quoted) is here twice", related: related)
      }
      places[choice] = item
    }
    return Set(places.keys)
  }

  /// A list of at least one text, each once; one alone stands for a list of one.
  func strings(_ what: String, each: String) -> [Located<String>]? {
    guard let items = items(what) else { return nil }
    guard !items.isEmpty else {
      error("expected \(what), found an empty list")
      return nil
    }
    var places: [String: YAMLNode] = [:]
    var result: [Located<String>] = []
    var isComplete = true
    for item in items {
      guard let text = item.string(each) else {
        isComplete = false
        continue
      }
      if let first = places[text] {
        let related = [Diagnostic.Related(location: first.location, message: "first here")]
        item.error("\(text.quoted) is here twice", related: related)
        isComplete = false
      }
      places[text] = item
      result.append(item.located(text))
    }
    return isComplete ? result : nil
  }
}

extension YAMLNode {
  /// A duration such as `500ms`, `30s`, `5min`, `2h`, `1d`, from `range`.
  func duration(_ what: String, in range: ClosedRange<Duration>) -> Duration? {
    let hint = "write 500ms, 30s, 5min, 2h or 1d"
    guard case .scalar(let text, _) = content else { return expected(what, hint: hint) }
    guard let duration = DurationText.parse(text) else { return expected(what, hint: hint) }
    let bounds = (DurationText.text(range.lowerBound), DurationText.text(range.upperBound))
    guard range.contains(duration) else {
      return expected("\(what) from \(bounds.0) to \(bounds.1)")
    }
    return duration
  }
}

extension [String] {
  /// `a, b or c`.
  var listed: String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " or " + last
  }
}

/// The names of sources, destinations, models and syncs.
enum ProjectName {
  /// Letters, digits, `_`, `-`, `.`, the first no dot or dash, at most 100: fit for files.
  static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 100 else { return false }
    let isFirstValid = first != UInt8(ascii: ".") && first != UInt8(ascii: "-")
    return isFirstValid
      && name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      }
  }

  static let rule =
    "a name has letters, digits, '_', '-' and '.', and begins with a letter, digit or '_'"

  /// Reports a reference to something that is not there.
  static func unknown(_ kind: String, _ name: String, at node: YAMLNode, known: [String]) {
    let suggestion = Spelling.nearest(to: name, among: known)
    let question = Spelling.question(suggestion)
    let list =
      known.isEmpty ? "there is none" : "there are \(known.sorted().joined(separator: ", "))"
    node.error(
      "unknown \(kind) \(name.quoted)\(question)",
      hint: suggestion == nil ? list : nil,
      kind: .unknownReference
    )
  }
}
