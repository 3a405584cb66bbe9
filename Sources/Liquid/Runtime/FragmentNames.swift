import Values

/// Finds the variables of a template and its partials that may hold a ``Fragment``.
///
/// By name alone, wherever a variable is set: what a template holds is decided before any row is
/// seen.
struct FragmentNames {
  private(set) var names: Set<String>
  private var isSettled = true

  init(_ known: Set<String> = []) { names = known }

  /// Takes in what `statements` set, until nothing new is found.
  mutating func add(_ statements: [[Statement]], in sources: [SourceText]) {
    repeat {
      isSettled = true
      for (body, source) in zip(statements, sources) { visit(body, source) }
    } while !isSettled
  }

  private mutating func insert(_ name: String) {
    if names.insert(name).inserted { isSettled = false }
  }

  private mutating func visit(_ statements: [Statement], _ source: SourceText) {
    for statement in statements { visit(statement, source) }
  }

  private mutating func visit(_ statement: Statement, _ source: SourceText) {
    switch statement.kind {
    case .capture(let name, let body):
      if writesMarkup(body, source) { insert(name) }
      visit(body, source)
    case .assign(let name, let value): if holds(value) { insert(name) }
    case .include(let tag): visit(tag.arguments, variable: tag.variable, alias: tag.alias)
    case .render(let tag):
      visit(tag.arguments, variable: tag.variable, alias: tag.alias ?? tag.template)
    case .branches, .cases, .loop, .tableRow, .ifChanged, .text, .output, .cycle, .increment,
      .decrement, .interrupt, .nothing:
      for body in statement.bodies { visit(body, source) }
    }
  }

  private mutating func visit(
    _ arguments: [(name: String, value: Expression)],
    variable: Expression?,
    alias: String?
  ) {
    for argument in arguments where holds(argument.value) { insert(argument.name) }
    if let variable, holds(variable), let alias { insert(IncludeTag.variableName(of: alias)) }
  }

  /// Whether a capture of `body` is a fragment.
  func writesMarkup(_ body: [Statement], _ source: SourceText) -> Bool {
    body.contains { statement in
      switch statement.kind {
      case .text(let range): source.bytes[range].contains(where: Fragment.isMarkup)
      case .output(let value): holds(value)
      case .cycle(let cycle): cycle.values.contains(where: holds)
      case .capture, .assign, .include, .render, .increment, .decrement, .interrupt, .nothing:
        false
      case .branches, .cases, .loop, .tableRow, .ifChanged:
        statement.bodies.contains { writesMarkup($0, source) }
      }
    }
  }

  /// Whether `value` may be a fragment after its filters.
  func holds(_ value: FilteredExpression) -> Bool {
    var isFragment = holds(value.base)
    var isConstant = FragmentNames.separates(value.base)
    for call in value.filters {
      let arguments = call.arguments
      switch Filter.named(call.name)?.effect {
      case .keeps: break
      case .joins:
        let joined = arguments.allSatisfy { holds($0) || FragmentNames.separates($0) }
        isFragment = joined && (isFragment || isConstant && arguments.contains(where: holds))
        isConstant = isConstant && !isFragment && joined
      case .removes: isFragment = isFragment && arguments.allSatisfy(FragmentNames.separates)
      case .chooses: isFragment = isFragment || arguments.contains(where: holds)
      case .reads, .flattens, nil: (isFragment, isConstant) = (false, false)
      }
    }
    return isFragment
  }

  private func holds(_ expression: Expression) -> Bool {
    guard case .lookup(let lookup) = expression, case .plain(let name) = lookup.name else {
      return false
    }
    return lookup.segments.isEmpty && names.contains(name)
  }

  private static func separates(_ expression: Expression) -> Bool {
    guard case .literal(.value(.string(let text))) = expression else { return false }
    return Fragment.isSeparator(text)
  }
}

extension Statement {
  /// The bodies inside it, of any kind.
  var bodies: [[Statement]] {
    switch kind {
    case .branches(let branches): branches.map(\.body)
    case .cases(let cases): cases.whens.map(\.body)
    case .loop(let loop): [loop.body, loop.otherwise]
    case .tableRow(let table): [table.body]
    case .ifChanged(let body), .capture(_, let body): [body]
    case .text, .output, .assign, .cycle, .increment, .decrement, .interrupt, .include, .render,
      .nothing:
      []
    }
  }
}
