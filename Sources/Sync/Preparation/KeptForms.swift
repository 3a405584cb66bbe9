internal import Settings
internal import Values

// Settings out of the values that were made of them; nil if they are something else.

extension MessageSettings {
  /// Reads topic, key, partition, headers and body.
  init?(kept value: Value) {
    guard case .object(let root) = value,
      let topic = root["topic"].flatMap(ValueForm.init(kept:)),
      let body = root["body"].flatMap(BodyForm.init(kept:))
    else { return nil }
    let headers = root.objects("headers").compactMap { header -> HeaderForm? in
      guard let name = header.text("name"),
        let value = header["value"].flatMap(ValueForm.init(kept:))
      else { return nil }
      return HeaderForm(name: name, value: Located(value))
    }
    guard headers.count == root.objects("headers").count else { return nil }
    self.init(
      isSelected: true,
      topic: Located(topic),
      key: root["key"].flatMap(ValueForm.init(kept:)).map { Located($0) },
      partition: root["partition"].flatMap(ValueForm.init(kept:)).map { Located($0) },
      headers: headers,
      systemHeaders: root.texts("system_headers").compactMap(SystemHeader.init),
      body: body
    )
  }
}

extension ValueForm {
  fileprivate init?(kept value: Value) {
    guard case .object(let root) = value, let kind = root.keys.first else { return nil }
    let text = root.text(kind)
    switch (kind, text) {
    case ("text", let text?): self = .text(text)
    case ("column", let text?): self = .column(text)
    case ("template", let text?): self = .template(text)
    case ("jmespath", let text?): self = .jmespath(text)
    case ("variable", let text?): self = .variable(text)
    case ("primary_key", _): self = .primaryKey
    case ("event_id", _): self = .eventID
    default:
      guard let literal = Literal(kept: root) else { return nil }
      self = .literal(literal)
    }
  }
}

extension Literal {
  fileprivate init?(kept root: Object) {
    guard let kind = root.keys.first else { return nil }
    switch (kind, root.text(kind)) {
    case ("null", _): self = .null
    case ("boolean", _): self = .boolean(root.flag(kind))
    case ("number", let text?): self = .number(text)
    case ("string", let text?): self = .string(text)
    case ("json", let text?): self = .json(text)
    default: return nil
    }
  }
}

extension BodyForm {
  fileprivate init?(kept value: Value) {
    guard case .object(let root) = value, let kind = root.keys.first else { return nil }
    switch (kind, root.text(kind)) {
    case ("all_columns", _): self = .allColumns
    case ("columns", _): self = .columns(root.texts(kind).map { Located($0) })
    case ("column", let text?): self = .column(Located(text))
    case ("template", let text?): self = .template(Located(text))
    case ("jmespath", let text?): self = .jmespath(Located(text))
    case ("tombstone", _): self = .tombstone
    case ("object", _):
      guard let members = NamedMember.members(kept: root) else { return nil }
      self = .object(members)
    default: return nil
    }
  }
}

extension NamedMember {
  fileprivate static func members(kept root: Object) -> [NamedMember]? {
    let listed = root.objects("object")
    let members = listed.compactMap { member -> NamedMember? in
      guard let name = member.text("name"), let form = member.object("form") else { return nil }
      if form["object"] != nil {
        return Self.members(kept: form).map { NamedMember(name: name, form: .object($0)) }
      }
      return ValueForm(kept: .object(form)).map {
        NamedMember(name: name, form: .value(Located($0)))
      }
    }
    return members.count == listed.count ? members : nil
  }
}
