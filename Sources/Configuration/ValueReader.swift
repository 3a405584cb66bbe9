import Settings

/// Reads one value: a topic, key, partition, header or member of a body.
struct ValueReader {
  /// What the value is for.
  enum Use {
    case topic, key, partition, header, member

    var noun: String {
      switch self {
      case .topic: "a topic"
      case .key: "a key"
      case .partition: "a partition"
      case .header: "a header"
      case .member: "a member"
      }
    }
  }

  let use: Use

  /// The forms that exist by the key that marks them.
  static let forms: [String: @Sendable (YAMLNode) -> ValueForm?] = [
    "column": { $0.string("the name of a column").map(ValueForm.column) },
    "value": { LiteralReader().read($0).map(ValueForm.literal) },
  ]

  /// Marks of forms that are still to come: as names of members they would change their meaning.
  static let reserved = ["template", "template_file", "jmespath", "variable", "event_id"]

  func read(_ node: YAMLNode) -> Located<ValueForm>? {
    let form: ValueForm? =
      switch node.content {
      case .unreadable: nil
      case .scalar(let text, let isPlain): scalar(node, text, ScalarKind(text, isPlain: isPlain))
      case .mapping(let entries): mapping(node, entries)
      case .sequence: node.expected("\(use.noun) as a text or one of \(Self.written)")
      }
    guard let form, check(form, at: node) else { return nil }
    return node.located(form)
  }

  /// Whether a text needs Liquid; reports it.
  static func refusesTemplate(_ text: String, at node: YAMLNode) -> Bool {
    guard let place = text.firstTemplateMark else { return false }
    let range = node.source.find(place, in: node.range) ?? node.range
    node.source.error(
      at: range,
      "templates are not available in this version",
      hint: "write {column: NAME}, or {value: …} for a text that has '\(place)' in it"
    )
    return true
  }

  private static var written: String {
    forms.keys.sorted().map { "{\($0): …}" }.joined(separator: ", ")
  }

  private func scalar(_ node: YAMLNode, _ text: String, _ kind: ScalarKind) -> ValueForm? {
    switch kind {
    case .null:
      let mayBeNull = use == .header || use == .member
      return node.expected(use.noun, hint: mayBeNull ? "write {value: null} for nothing" : nil)
    case .boolean(let value) where use != .member: return .literal(.boolean(value))
    case .integer where use != .member, .float where use != .member:
      return LiteralReader().read(node).map(ValueForm.literal)
    case .boolean, .integer, .float:
      return node.expected(
        "the name of a column",
        hint: "write {value: \(text)} for a constant, or \"\(text)\" for a column of this name"
      )
    case .string:
      if Self.refusesTemplate(text, at: node) { return nil }
      guard use == .member else { return .text(text) }
      return node.string("the name of a column").map(ValueForm.column)
    }
  }

  private func mapping(_ node: YAMLNode, _ entries: [YAMLEntry]) -> ValueForm? {
    guard let entry = entries.first, entries.count == 1 else {
      return node.expected("\(use.noun) as a text or one of \(Self.written)")
    }
    if let form = Self.forms[entry.key] { return form(entry.value) }
    // Reports the unknown key.
    _ = MappingReader(node, keys: Self.forms.keys.sorted(), subject: use.noun)
    return nil
  }

  /// Checks a constant by the rules of its use.
  private func check(_ form: ValueForm, at node: YAMLNode) -> Bool {
    guard let text = form.constant else { return true }
    switch use {
    case .topic where form == .literal(.null):
      node.error("a topic must not be null")
    case .topic:
      guard let problem = TopicName.problem(text) else { return true }
      node.error(problem, hint: TopicName.rule)
    case .partition:
      if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), Int32(text) != nil {
        return true
      }
      node.error("expected a partition, a whole number from 0, found \(text.quoted)")
    case .key:
      if !text.isEmpty, form != .literal(.null) { return true }
      node.error("an empty key is no key", hint: "remove 'key' to send messages without one")
    case .header, .member:
      return true
    }
    return false
  }
}

extension ValueForm {
  /// The text of a constant, as it stands in a topic, key or header; nil for what depends on a row.
  fileprivate var constant: String? {
    switch self {
    case .text(let text): text
    case .literal(let literal): literal.text
    default: nil
    }
  }
}

extension Literal {
  fileprivate var text: String {
    switch self {
    case .null: "null"
    case .boolean(let value): String(value)
    case .number(let text), .string(let text), .json(let text): text
    }
  }
}

extension String {
  /// The first `{{` or `{%`, which Liquid would read.
  var firstTemplateMark: String? {
    var last: Unicode.Scalar?
    for scalar in unicodeScalars {
      if last == "{", scalar == "{" || scalar == "%" { return "{\(scalar)" }
      last = scalar
    }
    return nil
  }
}
