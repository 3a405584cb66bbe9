import Values

/// What a value is when a template in JSON mode writes it; several where that differs.
struct WrittenKind: Equatable {
  /// Whether it may be a value of its own.
  var isValue = false
  /// The separators of the template that it may be.
  var separators: Set<String> = []
  /// Whether it may be JSON that nobody knows yet.
  var isFragment = false

  static let value = WrittenKind(isValue: true)

  mutating func formUnion(_ other: WrittenKind) {
    isValue = isValue || other.isValue
    separators.formUnion(other.separators)
    isFragment = isFragment || other.isFragment
  }
}

/// What the variables of a template and its partials may hold, by name alone.
struct WrittenKinds {
  let fragments: FragmentNames
  private var kinds: [String: WrittenKind] = [:]
  private var isSettled = true

  init(_ bodies: [[Statement]], in sources: [SourceText]) {
    var fragments = FragmentNames()
    fragments.add(bodies, in: sources)
    self.fragments = fragments
    repeat {
      isSettled = true
      for (body, source) in zip(bodies, sources) { visit(body, source) }
    } while !isSettled
  }

  /// What `value` is after its filters.
  func kind(of value: FilteredExpression) -> WrittenKind {
    var kind = kind(of: value.base)
    for call in value.filters {
      let others = call.arguments.map { self.kind(of: $0) }
      switch Filter.named(call.name)?.effect {
      case .keeps, .removes: kind = Self.changed([kind])
      case .joins: kind = Self.changed([kind] + others)
      case .chooses: for other in others { kind.formUnion(other) }
      case .reads, .flattens, nil: kind = .value
      }
    }
    return kind
  }

  func kind(of expression: Expression) -> WrittenKind {
    switch expression {
    case .literal(.value(.string(let text))) where Fragment.isSeparator(text):
      WrittenKind(separators: [text])
    case .literal, .range: .value
    case .lookup(let lookup): kind(of: lookup)
    }
  }

  private func kind(of lookup: Lookup) -> WrittenKind {
    var kind = WrittenKind.value
    guard lookup.segments.isEmpty else { return kind }
    switch lookup.name {
    // A variable that is not set is null, a value.
    case .plain(let name): if let known = kinds[name] { kind.formUnion(known) }
    case .computed: for known in kinds.values { kind.formUnion(known) }
    }
    return kind
  }

  /// What a filter makes of separators and fragments is not looked at.
  private static func changed(_ kinds: [WrittenKind]) -> WrittenKind {
    let isPlain = kinds.allSatisfy { !$0.isFragment && $0.separators.isEmpty }
    return WrittenKind(isValue: true, isFragment: !isPlain)
  }

  private mutating func add(_ kind: WrittenKind, to name: String) {
    var known = kinds[name] ?? WrittenKind()
    known.formUnion(kind)
    if known != kinds[name] { isSettled = false }
    kinds[name] = known
  }

  private mutating func visit(_ statements: [Statement], _ source: SourceText) {
    for statement in statements {
      switch statement.kind {
      case .capture(let name, let body):
        let isFragment = fragments.writesMarkup(body, source)
        add(WrittenKind(isValue: !isFragment, isFragment: isFragment), to: name)
      case .assign(let name, let value): add(kind(of: value), to: name)
      case .include(let tag):
        visit(tag.arguments, variable: tag.variable, alias: tag.alias ?? tag.name)
      case .render(let tag):
        visit(tag.arguments, variable: tag.variable, alias: tag.alias ?? tag.template)
      case .branches, .cases, .loop, .tableRow, .ifChanged, .text, .output, .cycle, .increment,
        .decrement, .interrupt, .nothing:
        break
      }
      for body in statement.bodies { visit(body, source) }
    }
  }

  private mutating func visit(
    _ arguments: [(name: String, value: Expression)],
    variable: Expression?,
    alias: String?
  ) {
    for argument in arguments { add(kind(of: argument.value), to: argument.name) }
    if let variable, let alias {
      add(kind(of: variable), to: IncludeTag.variableName(of: alias))
    }
  }
}
