import Spelling
import Values

extension Compiler {
  mutating func filtered(_ value: FilteredExpression) throws(Fault) -> Int32 {
    var input = try written(value.base)
    for call in value.filters { input = try filter(call, input) }
    return input
  }

  private mutating func filter(_ call: FilterCall, _ input: Int32) throws(Fault) -> Int32 {
    let options = library.options
    guard let filter = Filter.named(call.name), options.hasOwnFilters || filter.origin != .own
    else {
      guard options.refusesUnknownFilters else { return input }
      let hint = Spelling.hint(for: call.name, among: Filter.all.map(\.name))
      throw Fault(
        .unknownFilter,
        "there is no filter `\(call.name)`",
        at: call.offset,
        hint: hint
      )
    }
    let count = call.arguments.count + (call.keywords.isEmpty ? 0 : 1)
    if options.syntax == .strict, options.refusesUnknownFilters,
      !filter.arity.contains(count)
    {
      throw Fault(
        .argument,
        filter.arityMessage(given: count),
        at: call.offset
      )
    }
    var arguments: [Int32] = []
    for argument in call.arguments { arguments.append(try written(argument)) }
    var keywords: [(name: String, node: Int32)] = []
    for keyword in call.keywords {
      keywords.append((keyword.name, try expression(keyword.value)))
    }
    let entry = FilterEntry(
      filter: filter,
      name: call.name,
      input: input,
      arguments: arguments,
      keywords: keywords,
      offset: Int32(call.offset)
    )
    tables.filters.append(entry)
    return node(.filter(Int32(tables.filters.count - 1)))
  }

  /// An expression that may be written: in JSON mode a constant that separates is a fragment.
  mutating func written(_ expression: Expression) throws(Fault) -> Int32 {
    if isJSON, case .literal(.value(.string(let text))) = expression, Fragment.isSeparator(text) {
      return constant(.fragment(Fragment(text: text, isConstant: true)))
    }
    return try self.expression(expression)
  }

  /// Notes a filter that makes plain text of a fragment.
  mutating func warn(of value: FilteredExpression) {
    guard isJSON else { return }
    for (index, call) in value.filters.enumerated() {
      var before = value
      before.filters.removeSubrange(index...)
      guard fragments.holds(before) else { continue }
      var after = before
      after.filters.append(call)
      guard !fragments.holds(after), let filter = Filter.named(call.name),
        filter.effect != .reads
      else { continue }
      tables.warnings.append(
        Fault(
          .place,
          "`\(call.name)` makes plain text of captured JSON, which is quoted when it is written",
          at: call.offset
        )
      )
    }
  }

  mutating func condition(_ condition: Condition) throws(Fault) -> Int32 {
    switch condition {
    case .truth(let value): return try expression(value)
    case .comparison(let comparison, let left, let right):
      return node(.compare(comparison, left: try expression(left), right: try expression(right)))
    case .unknown(let sign):
      return node(.unknownComparison(name(sign)))
    case .and(let left, let right):
      return node(.and(try self.condition(left), try self.condition(right)))
    case .or(let left, let right):
      return node(.or(try self.condition(left), try self.condition(right)))
    }
  }

  mutating func expression(_ expression: Expression) throws(Fault) -> Int32 {
    switch expression {
    case .literal(let operand): return constant(operand)
    case .range(let first, let last):
      if case .literal(let first) = first, case .literal(let last) = last {
        return constant(.range(Numbers.truncated(first), Numbers.truncated(last)))
      }
      return node(.range(try self.expression(first), try self.expression(last)))
    case .lookup(let lookup): return try self.lookup(lookup)
    }
  }

  private mutating func lookup(_ lookup: Lookup) throws(Fault) -> Int32 {
    var segments = lookup.segments[...]
    var base: Int32
    switch lookup.name {
    case .computed(let inner):
      base = node(.computedVariable(try expression(inner)))
    case .plain(let name) where isIsolated || assigned.contains(name):
      return try guarded(name, segments: segments, offset: lookup.offset)
    case .plain(let name):
      base = try given(name, segments: &segments, offset: lookup.offset)
    }
    return try path(base, segments)
  }

  private mutating func path(
    _ base: Int32,
    _ segments: ArraySlice<Lookup.Segment>
  ) throws(Fault) -> Int32 {
    var base = base
    for segment in segments {
      switch segment {
      case .member(let member): base = node(.member(base: base, name: name(member)))
      case .index(let inner):
        base = node(.index(base: base, key: try expression(inner)))
      }
    }
    return base
  }

  /// A variable that the template, or the one that renders a partial, may set to something else.
  private mutating func guarded(
    _ name: String,
    segments: ArraySlice<Lookup.Segment>,
    offset: Int
  ) throws(Fault) -> Int32 {
    let variable = node(.variable(symbol(name)))
    let set = try path(variable, segments)
    guard let schema = library.schema, let position = schema.position(of: name) else {
      return set
    }
    // A column that the schema lacks may be one of what the variable is set to.
    if case .object(let members, isClosed: true) = schema.roots[position].kind,
      case .member(let member)? = segments.first, members[member] == nil
    {
      return set
    }
    var rest = segments
    let base = try given(name, segments: &rest, offset: offset)
    return node(.unlessSet(symbol: symbol(name), set: set, given: try path(base, rest)))
  }

  /// The variable `name` with as many of its segments as can be resolved now.
  private mutating func given(
    _ name: String,
    segments: inout ArraySlice<Lookup.Segment>,
    offset: Int
  ) throws(Fault) -> Int32 {
    if name == "forloop", segments.count == 1, case .member(let member)? = segments.first,
      let field = LoopField(rawValue: member)
    {
      segments.removeFirst()
      return node(.loopField(field))
    }
    guard let schema = library.schema else { return node(.variable(symbol(name))) }
    guard let position = schema.position(of: name) else {
      try requireOpen(schema, name: name, offset: offset)
      return node(.variable(symbol(name)))
    }
    switch schema.roots[position].kind {
    case .slot(let slot):
      tables.slots.insert(slot)
      tables.roots.insert(position)
      return node(.slot(Int32(slot)))
    case .object(let members, let isClosed):
      tables.roots.insert(position)
      return try root(
        position,
        members: members,
        isClosed: isClosed,
        segments: &segments,
        offset: offset
      )
    }
  }

  private mutating func root(
    _ position: Int,
    members: [String: Int],
    isClosed: Bool,
    segments: inout ArraySlice<Lookup.Segment>,
    offset: Int
  ) throws(Fault) -> Int32 {
    var isCommand = false
    var member: String?
    switch segments.first {
    case .member(let name)?:
      member = name
      isCommand = name == "size" || name == "first" || name == "last"
    case .index(.literal(.value(.string(let name))))?: member = name
    case .index(let key)?:
      segments.removeFirst()
      return node(.rootMember(root: Int32(position), key: try expression(key)))
    case nil: break
    }
    guard let member else { return node(.root(Int32(position))) }
    if let slot = members[member] {
      segments.removeFirst()
      tables.slots.insert(slot)
      return node(.slot(Int32(slot)))
    }
    if isCommand { return node(.root(Int32(position))) }
    let root = library.schema?.roots[position].name ?? ""
    guard !isClosed else {
      let hint = Spelling.hint(for: member, among: members.keys.sorted())
      throw Fault(
        .unknownVariable,
        "there is no `\(root).\(member)`",
        at: offset,
        hint: hint
      )
    }
    segments.removeFirst()
    return node(
      .rootMember(root: Int32(position), key: constant(.string(member)))
    )
  }

  /// In a closed schema a variable that nothing gives and nothing sets is a mistake.
  private func requireOpen(
    _ schema: TemplateSchema,
    name: String,
    offset: Int
  ) throws(Fault) {
    let given = ["forloop", "tablerowloop", "self"]
    guard schema.isClosed, !given.contains(name) else { return }
    let hint = Spelling.hint(for: name, among: schema.roots.map(\.name) + assigned.sorted())
    throw Fault(
      .unknownVariable,
      "there is no variable `\(name)`",
      at: offset,
      hint: hint
    )
  }
}
