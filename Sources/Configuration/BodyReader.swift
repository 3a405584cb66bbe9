import Liquid
import Settings

/// Reads `message:`.
struct BodyReader {
  let templates: TemplateReader

  func read(_ node: YAMLNode) -> BodyForm? {
    switch node.content {
    case .unreadable: return nil
    case .scalar("tombstone", _): return .tombstone
    case .mapping(let entries): return mapping(node, entries)
    default: return node.expected("a message", hint: Self.hint)
    }
  }

  private static let hint =
    "write 'template: …', 'template_file: PATH', 'jmespath: …', 'columns: …', 'column: NAME' or 'tombstone'"

  private func mapping(_ node: YAMLNode, _ entries: [YAMLEntry]) -> BodyForm? {
    guard let map = MappingReader(node, .body) else { return nil }
    guard entries.count == 1, let entry = entries.first else {
      let present = entries.map(\.key).filter(KeyTable.body.has)
      if present.count > 1 { map.exclude(present[0], present[1]) }
      if entries.isEmpty { node.error("an empty map says nothing", hint: Self.hint) }
      return nil
    }
    switch entry.key {
    case "columns": return columns(entry.value)
    case "column": return ValueReader.column(entry.value).map { .column(entry.value.located($0)) }
    case "template":
      return templates.text(entry.value, .json).map { .template(entry.value.located($0)) }
    case "template_file":
      return templates.file(entry.value, .json)
        .map { .templateFile(text: $0.text, path: entry.value.located($0.path)) }
    case "jmespath":
      return templates.expression(entry.value)
        .map { .jmespath(entry.value.located($0)) }
    default: return nil
    }
  }

  private func columns(_ node: YAMLNode) -> BodyForm? {
    switch node.content {
    case .unreadable: return nil
    case .scalar("all", _): return .allColumns
    case .sequence:
      return node.strings("a list of columns", each: "the name of a column").map(BodyForm.columns)
    case .mapping(let entries):
      if entries.isEmpty { node.error("a message without members", hint: "write 'columns: all'") }
      return entries.isEmpty ? nil : members(entries).map(BodyForm.object)
    case .scalar: return node.expected("'all', a list of columns, or a map of members")
    }
  }

  private func members(_ entries: [YAMLEntry]) -> [NamedMember]? {
    let members = entries.compactMap { entry in
      member(entry.value).map { NamedMember(name: entry.key, form: $0) }
    }
    return members.count == entries.count ? members : nil
  }

  /// A map with the one key of a form is that form; any other nests.
  private func member(_ node: YAMLNode) -> MemberForm? {
    guard case .mapping(let entries) = node.content else {
      return ValueReader(use: .member, templates: templates).read(node).map(MemberForm.value)
    }
    guard let entry = entries.first, entries.count == 1 else {
      return members(entries).map(MemberForm.object)
    }
    if entry.key == "object" {
      return entry.value.entries("members").flatMap(members).map(MemberForm.object)
    }
    if KeyTable.valueForms.has(entry.key) {
      return ValueReader(use: .member, templates: templates).read(node).map(MemberForm.value)
    }
    return members(entries).map(MemberForm.object)
  }
}
