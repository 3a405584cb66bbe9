import Settings

/// A value out of a YAML file, with its place in it.
struct YAMLNode {
  indirect enum Content {
    /// Text, after interpolation; a plain scalar's type follows from its text.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
    /// What was wrong with it has been reported.
    case unreadable
  }

  let content: Content
  let range: Range<Int>
  let source: SourceText
  /// Whether its text must not be shown.
  var isSecret = false
  /// The variables that it refers to itself.
  var uses: [VariableUse] = []

  /// The variables that it and all below it refer to, each once.
  var allUses: [VariableUse] {
    var found: [VariableUse] = uses
    switch content {
    case .scalar, .unreadable: break
    case .sequence(let items): found += items.flatMap(\.allUses)
    case .mapping(let entries): found += entries.flatMap(\.value.allUses)
    }
    var known: Set<VariableUse> = []
    return found.filter { known.insert($0).inserted }
  }

  /// Whether something that it refers to gives no value.
  var lacksVariable: Bool { uses.contains(where: \.givesNothing) }

  var location: SourceLocation { source.location(at: range.lowerBound) }

  func located<Value: Sendable>(_ value: Value) -> Located<Value> {
    Located(value, at: location)
  }

  /// Reports an error here.
  func error(
    _ message: String,
    hint: String? = nil,
    related: [Diagnostic.Related] = [],
    kind: ErrorKind = .unusableValue
  ) {
    source.error(at: range, message, hint: hint, related: related, kind: kind)
  }

  /// Reports a warning or a note here.
  func remark(_ severity: Diagnostic.Severity, _ message: String, hint: String? = nil) {
    source.error(at: range, message, hint: hint, severity: severity)
  }

  /// What it is, for messages: `the number 5`, `a list`; a secret's text stays out.
  var described: String {
    switch content {
    case .sequence: return "a list"
    case .mapping: return "a map"
    case .unreadable: return "something unreadable"
    case .scalar(let text, let isPlain):
      let kind = ScalarKind(text, isPlain: isPlain)
      if kind == .null { return "nothing" }
      if text.isEmpty { return "an empty text" }
      return isSecret ? kind.noun.withArticle : kind.noun.withText(text)
    }
  }
}

/// A key of a map, and its value.
struct YAMLEntry {
  let key: String
  let keyRange: Range<Int>
  let value: YAMLNode

  var keyLocation: SourceLocation { value.source.location(at: keyRange.lowerBound) }

  /// Reports an error at the key.
  func error(
    _ message: String,
    hint: String? = nil,
    related: [Diagnostic.Related] = [],
    kind: ErrorKind = .unusableValue
  ) {
    value.source.error(at: keyRange, message, hint: hint, related: related, kind: kind)
  }
}

/// The type of a scalar by the core schema of YAML 1.2.2, section 10.3.2.
enum ScalarKind: Equatable {
  case null
  case boolean(Bool)
  case integer
  case float
  case string

  init(_ text: String, isPlain: Bool) {
    guard isPlain else {
      self = .string
      return
    }
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .boolean(true)
    case "false", "False", "FALSE": self = .boolean(false)
    default:
      if YAMLNumber.isInteger(text) {
        self = .integer
      } else {
        self = YAMLNumber.isFloat(text) ? .float : .string
      }
    }
  }

  var noun: Noun {
    switch self {
    case .null: Noun(withArticle: "nothing", name: "nothing", isQuoted: false)
    case .boolean: Noun(withArticle: "a boolean", name: "the boolean", isQuoted: false)
    case .integer, .float: Noun(withArticle: "a number", name: "the number", isQuoted: false)
    case .string: Noun(withArticle: "a text", name: "", isQuoted: true)
    }
  }

  struct Noun {
    let withArticle: String
    let name: String
    let isQuoted: Bool

    func withText(_ text: String) -> String {
      isQuoted ? text.quoted : "\(name) \(text.quoted.dropFirst().dropLast())"
    }
  }
}
