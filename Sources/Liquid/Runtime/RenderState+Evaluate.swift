import Values

extension RenderState {
  /// What a node amounts to.
  mutating func evaluate<Data: TemplateData>(
    _ number: Int32,
    program: Program,
    data: Data
  ) throws(Fault) -> Operand {
    switch program.tables.nodes[Int(number)] {
    case .constant(let index): return program.tables.constants[Int(index)]
    case .slot(let slot): return .value(data.value(slot: Int(slot)))
    case .variable(let symbol): return variable(Int(symbol), data)
    case .unlessSet(let symbol, let set, let given):
      let local = scope.locals[Int(symbol)]
      let isSet = local.scoped != nil || local.assigned != nil || scope.counters[Int(symbol)] != nil
      return try evaluate(isSet ? set : given, program: program, data: data)
    case .root(let root): return .value(data.value(root: Int(root)))
    case .rootMember(let root, let key):
      guard case .value(.string(let name)) = try evaluate(key, program: program, data: data).plain
      else {
        return .null
      }
      return .value(data.value(root: Int(root), key: name))
    case .computedVariable(let name):
      guard case .value(.string(let name)) = try evaluate(name, program: program, data: data).plain
      else {
        return .null
      }
      return variable(named: name, data)
    case .member(let base, let name):
      let key = program.tables.names[Int(name)]
      return member(try evaluate(base, program: program, data: data).plain, name: key, data: data)
    case .index(let base, let key):
      let operand = try evaluate(base, program: program, data: data).plain
      return element(
        operand,
        key: try evaluate(key, program: program, data: data).plain,
        data: data
      )
    case .loopField(let field): return loopField(field)
    case .range(let first, let last):
      let from = try integer(ofRange: try evaluate(first, program: program, data: data).plain)
      return .range(
        from,
        try integer(ofRange: try evaluate(last, program: program, data: data).plain)
      )
    case .filter(let index):
      return try filter(program.tables.filters[Int(index)], program: program, data: data)
    case .compare(let comparison, let left, let right):
      let first = try evaluate(left, program: program, data: data).plain
      return .bool(
        try Comparing.compare(
          comparison,
          left: first,
          right: try evaluate(right, program: program, data: data).plain
        )
      )
    case .unknownComparison(let sign):
      throw .argument("Unknown operator \(program.tables.names[Int(sign)])")
    case .and(let left, let right):
      let first = try evaluate(left, program: program, data: data)
      return first.isTrue ? try evaluate(right, program: program, data: data) : .bool(false)
    case .or(let left, let right):
      let first = try evaluate(left, program: program, data: data)
      return first.isTrue ? .bool(true) : try evaluate(right, program: program, data: data)
    }
  }

  /// The variable with the number `symbol`.
  mutating func variable<Data: TemplateData>(_ symbol: Int, _ data: Data) -> Operand {
    if let scoped = scope.locals[symbol].scoped { return scoped }
    if let assigned = scope.locals[symbol].assigned { return assigned }
    if !scope.counters.isEmpty, let counter = scope.counters[symbol] { return .integer(counter) }
    return given(names[symbol], data)
  }

  /// The variable `name`, looked up while rendering.
  mutating func variable<Data: TemplateData>(named name: String, _ data: Data) -> Operand {
    if let symbol = library.symbols.existing(name), symbol < scope.locals.count,
      symbol < names.count
    {
      return variable(symbol, data)
    }
    return given(name, data)
  }

  /// The variable `name` as the scope at `level` has it.
  private mutating func variable<Data: TemplateData>(
    named name: String,
    at level: Int,
    _ data: Data
  ) -> Operand {
    guard level < outerScopes.count else { return variable(named: name, data) }
    let locals = outerScopes[level].locals
    if let symbol = library.symbols.existing(name), symbol < locals.count,
      let known = locals[symbol].scoped ?? locals[symbol].assigned
    {
      return known
    }
    return given(name, data)
  }

  /// What the data gives by the name.
  private mutating func given<Data: TemplateData>(_ name: String, _ data: Data) -> Operand {
    if let position = library.schema?.position(of: name) {
      if case .slot(let slot)? = library.schema?.roots[position].kind {
        return .value(data.value(slot: slot))
      }
      return .value(data.value(root: position))
    }
    if let value = data.value(named: name) { return .value(value) }
    return name == "self" ? .scope(outerScopes.count) : .null
  }

  /// `base.name`: a member, or one of the commands `size`, `first` and `last`.
  private mutating func member<Data: TemplateData>(
    _ base: Operand,
    name: String,
    data: Data
  ) -> Operand {
    switch base {
    case .value(.object(let object)):
      if let value = object[name] { return .value(value) }
      switch name {
      case "size": return .integer(object.count)
      case "first":
        guard !object.isEmpty else { return .null }
        let pair = object[at: 0]
        return .value(.array([.string(pair.key), pair.value]))
      default: return .null
      }
    case .value(.array(let items)):
      switch name {
      case "size": return .integer(items.count)
      case "first": return .value(items.first ?? .null)
      case "last": return .value(items.last ?? .null)
      default: return .null
      }
    case .value(.string(let text)):
      switch name {
      case "size": return .integer(text.unicodeScalars.count)
      case "first", "last": return .string(TextSearch.end(text, isFirst: name == "first"))
      default: return .null
      }
    case .blank, .empty: return name == "size" ? .integer(0) : .null
    case .value(.integer): return name == "size" ? .integer(8) : .null
    case .range(let first, let last):
      switch name {
      case "size": return .integer(RangeSpan.count(first, last))
      case "first": return .integer(first)
      case "last": return .integer(last)
      default: return .null
      }
    case .loop(let place, let serial): return loopField(name, place: place, serial: serial)
    case .scope(let level): return variable(named: name, at: level, data)
    case .value, .fragment: return .null
    }
  }

  /// `base[key]`.
  private mutating func element<Data: TemplateData>(
    _ base: Operand,
    key: Operand,
    data: Data
  ) -> Operand {
    switch (base, key) {
    case (.value(.object(let object)), .value(.string(let name))):
      return .value(object[name] ?? .null)
    case (.value(.array(let items)), .value(.integer(let index))):
      let position = index < 0 ? items.count + index : index
      return .value(items.indices.contains(position) ? items[position] : .null)
    case (.loop(let place, let serial), .value(.string(let name))):
      return loopField(name, place: place, serial: serial)
    case (.scope(let level), .value(.string(let name))):
      return variable(named: name, at: level, data)
    default: return .null
    }
  }

  /// A side of a range: nil is 0, text is read as far as it is digits, a fraction is refused.
  private mutating func integer(ofRange operand: Operand) throws(Fault) -> Int {
    switch operand {
    case .value(.integer(let number)): return number
    case .value(.null): return 0
    case .value(.string(let text)):
      return Numbers.leadingInteger(text).int ?? Int.max
    default: return try Numbers.integer(operand)
    }
  }
}

/// How long ranges are.
enum RangeSpan {
  static func count(_ first: Int, _ last: Int) -> Int {
    guard last >= first else { return 0 }
    let (span, overflow) = last.subtractingReportingOverflow(first)
    return overflow || span == Int.max ? Int.max : span + 1
  }
}
