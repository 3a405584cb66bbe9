import Liquid
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
  let templates: TemplateReader

  func read(_ node: YAMLNode) -> Located<ValueForm>? {
    let form: ValueForm? =
      switch node.content {
      case .unreadable: nil
      case .scalar(let text, let isPlain):
        scalar(node, text: text, kind: ScalarKind(text, isPlain: isPlain))
      case .mapping(let entries): mapping(node, entries)
      case .sequence: node.expected("\(use.noun) as a text or one of \(written)")
      }
    guard let form, check(form, at: node) else { return nil }
    switch (form, node.content) {
    // The place of a template is that of its text.
    case (.template, .mapping(let entries)), (.variable, .mapping(let entries)),
      (.jmespath, .mapping(let entries)):
      return (entries.first?.value ?? node).located(form)
    default: return node.located(form)
    }
  }

  /// The name of a column, which is not a template.
  static func column(_ node: YAMLNode) -> String? {
    guard let name = node.string("the name of a column") else { return nil }
    guard let mark = name.firstTemplateMark else { return name }
    let place = node.source.find(mark, in: node.range) ?? node.range
    node.source.error(
      at: place,
      "expected the name of a column, found a template",
      hint: "write {template: …}"
    )
    return nil
  }

  /// The keys of all forms that this use has.
  private var forms: KeyTable { .forms(of: use) }

  private var written: String { forms.names.map { "{\($0): …}" }.joined(separator: ", ") }

  private func scalar(_ node: YAMLNode, text: String, kind: ScalarKind) -> ValueForm? {
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
      if text.firstTemplateMark != nil {
        return templates.isValid(text, at: node, .text) ? .template(text) : nil
      }
      guard use == .member else { return .text(text) }
      return node.string("the name of a column").map(ValueForm.column)
    }
  }

  private func mapping(_ node: YAMLNode, _ entries: [YAMLEntry]) -> ValueForm? {
    guard let entry = entries.first, entries.count == 1 else {
      return node.expected("\(use.noun) as a text or one of \(written)")
    }
    if forms.has(entry.key) { return form(entry) }
    if entry.key == "event_id" {
      entry.error("'event_id' is a form of keys only", hint: "write {variable: event.id}")
    } else if entry.key == "primary_key" {
      entry.error("'primary_key' is a form of keys only", hint: "write {column: …}")
    } else {
      // Reports the unknown key.
      _ = MappingReader(node, forms)
    }
    return nil
  }

  private func form(_ entry: YAMLEntry) -> ValueForm? {
    let node = entry.value
    switch entry.key {
    case "column": return Self.column(node).map(ValueForm.column)
    case "template": return templates.text(node, .text).map(ValueForm.template)
    case "template_file":
      return templates.file(node, .text).map { .templateFile(text: $0.text, path: $0.path) }
    case "jmespath":
      return templates.expression(node).map(ValueForm.jmespath)
    case "value": return LiteralReader().read(node).map(ValueForm.literal)
    case "variable": return templates.variable(node).map(ValueForm.variable)
    default:
      guard let isOn = node.boolean() else { return nil }
      if isOn { return entry.key == "primary_key" ? .primaryKey : .eventID }
      node.error("expected true, found false", hint: "remove 'key' to send messages without one")
      return nil
    }
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
      if Self.isPartition(text) { return true }
      let isName = text.first.map { $0.isLetter || $0 == "_" } ?? false
      node.error(
        "expected a partition, a whole number from 0, found \(text.quoted)",
        hint: isName ? "write {column: \(text)} for the value of this column" : nil
      )
    case .key:
      if !text.isEmpty, form != .literal(.null) { return true }
      node.error("an empty key is not a key", hint: "remove 'key' to send messages without one")
    case .header, .member:
      return true
    }
    return false
  }
}

extension ValueReader {
  /// Whether `text` is a whole number from 0, also written as 2.0.
  private static func isPartition(_ text: String) -> Bool {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let isWhole = parts.count == 1 || (!parts[1].isEmpty && parts[1].allSatisfy { $0 == "0" })
    return isWhole && parts[0].utf8.allSatisfy { (48...57).contains($0) } && Int32(parts[0]) != nil
  }
}

extension ValueForm {
  /// The text of a constant, as it is in a topic, key or header; nil for what depends on a row.
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
