internal import JMESPath
internal import Settings

extension MessageSettings {
  /// Whether anything in them may show the row before its change.
  ///
  /// Asked before anything is compiled, so words decide: a mention too many costs time, nothing else.
  var mentionsPrevious: Bool {
    let values = [topic, key, partition].compactMap { $0 } + headers.map(\.value)
    return values.contains { $0.value.mentionsPrevious } || body.mentionsPrevious
  }

  /// Whether topic, partition or key may change with a row that keeps the columns `fixed`.
  ///
  /// Asked only if nothing is compiled yet: what is not a plain column may be made of any.
  func mayMove(besides fixed: [String]) -> Bool {
    [topic, partition, key].contains { $0?.value.mayChange(besides: fixed) ?? false }
  }
}

extension ValueForm {
  fileprivate func mayChange(besides fixed: [String]) -> Bool {
    switch self {
    case .text, .literal, .eventID: false
    case .primaryKey: fixed.isEmpty
    case .column(let name): !fixed.contains(name)
    case .template, .templateFile, .variable, .jmespath: true
    }
  }

  fileprivate var mentionsPrevious: Bool {
    switch self {
    case .template(let text), .templateFile(let text, _), .variable(let text):
      text.mentionsPrevious
    case .jmespath(let text): text.readsPrevious
    case .text, .column, .literal, .eventID, .primaryKey: false
    }
  }
}

extension BodyForm {
  fileprivate var mentionsPrevious: Bool {
    switch self {
    case .template(let text): text.value.mentionsPrevious
    case .jmespath(let text): text.value.readsPrevious
    case .templateFile(let text, _): text.mentionsPrevious
    case .object(let members): members.contains(where: \.form.mentionsPrevious)
    case .allColumns, .columns, .column, .tombstone: false
    }
  }
}

extension MemberForm {
  fileprivate var mentionsPrevious: Bool {
    switch self {
    case .value(let value): value.value.mentionsPrevious
    case .object(let members): members.contains(where: \.form.mentionsPrevious)
    }
  }
}

extension String {
  /// Whether the expression that it is reads anything of the row before.
  fileprivate var readsPrevious: Bool {
    guard let use = try? Expression(self).inputUse else { return true }
    return use.read.union(use.tested.filter { !$0.isEmpty }).contains { path in
      switch path.first {
      case nil, "previous": true
      case "metadata": path.count == 1 || path[1] == "changed_columns"
      default: false
      }
    }
  }

  fileprivate var mentionsPrevious: Bool {
    // Partials may mention it too.
    ["previous", "changed_columns", "{% render", "{% include", "{%- render", "{%- include"]
      .contains { contains($0) }
  }
}
