import Text
import Values

extension RenderState {
  /// `include`: the partial shares the variables around it.
  mutating func include<Data: TemplateData>(
    _ entry: IncludeEntry,
    program: Program,
    data: Data,
    output: inout ByteBuffer
  ) throws(Fault) {
    if scope.isIsolated { throw Fault(.partial, "include usage is not allowed in this context") }
    guard
      case .value(.string(let name)) = try evaluate(entry.template, program: program, data: data)
        .plain
    else {
      throw .argument("Argument error in tag 'include' - Illegal template name")
    }
    let partial = try partial(name, isIsolated: false)
    let symbol = library.symbols.number(of: entry.alias ?? IncludeTag.variableName(of: name))
    grow()
    let variable =
      entry.variable >= 0
      ? try evaluate(entry.variable, program: program, data: data) : variable(named: name, data)
    var saved = [(symbol, scope.locals[symbol].scoped)]
    defer { for (symbol, operand) in saved.reversed() { scope.locals[symbol].scoped = operand } }
    for argument in entry.arguments {
      let key = Int(argument.symbol)
      saved.append((key, scope.locals[key].scoped))
      scope.locals[key].scoped = try evaluate(argument.node, program: program, data: data)
    }
    if case .value(.array(let items)) = variable {
      for item in items where pending == nil {
        scope.locals[symbol].scoped = .value(item)
        try countRound(output.count)
        try enter(partial, data: data, output: &output)
      }
    } else {
      scope.locals[symbol].scoped = variable
      try enter(partial, data: data, output: &output)
    }
  }

  /// `render`: the partial sees only what it is given.
  mutating func render<Data: TemplateData>(
    _ entry: RenderEntry,
    program: Program,
    data: Data,
    output: inout ByteBuffer
  ) throws(Fault) {
    let partial = try partial(entry.template, isIsolated: true)
    let variable: Operand =
      entry.variable >= 0 ? try evaluate(entry.variable, program: program, data: data) : .null
    var arguments: [(Int, Operand)] = []
    for argument in entry.arguments {
      arguments.append(
        (Int(argument.symbol), try evaluate(argument.node, program: program, data: data))
      )
    }
    grow()
    guard entry.isLoop, let items = try items(of: variable) else {
      return try renderApart(
        partial,
        entry: entry,
        arguments: arguments,
        variable: variable,
        loop: nil,
        data: data,
        output: &output
      )
    }
    let loop = LoopState(
      kind: .partial,
      items: [],
      start: 0,
      count: items.count,
      variable: 0,
      serial: 0,
      name: entry.template
    )
    for (index, item) in items.enumerated() {
      try countRound(output.count)
      var loop = loop
      loop.index = index
      try renderApart(
        partial,
        entry: entry,
        arguments: arguments,
        variable: .value(item),
        loop: loop,
        data: data,
        output: &output
      )
    }
  }

  private mutating func items(of operand: Operand) throws(Fault) -> [Value]? {
    switch operand {
    case .value(.array(let items)): return items
    case .value(.object(let object)):
      return (0..<object.count).map { index in
        .array([.string(object[at: index].key), object[at: index].value])
      }
    case .range:
      guard case .array(let items) = try operand.materialized(max: options.limits.iterations) else {
        return nil
      }
      return items
    default: return nil
    }
  }

  private mutating func renderApart<Data: TemplateData>(
    _ partial: Program,
    entry: RenderEntry,
    arguments: [(Int, Operand)],
    variable: Operand,
    loop: LoopState?,
    data: Data,
    output: inout ByteBuffer
  ) throws(Fault) {
    outerScopes.append(scope)
    scope = RenderScope()
    scope.isIsolated = true
    scope.loopBase = loops.count
    scope.locals = Array(repeating: Local(), count: names.count)
    if let loop { push(loop, Symbols.forLoop) }
    // As if the partial had assigned them: it may assign something else.
    for (symbol, operand) in arguments { scope.locals[symbol].assigned = operand }
    if !variable.isNull { scope.locals[Int(entry.symbol)].assigned = variable }
    defer {
      loops.removeLast(max(0, loops.count - scope.loopBase))
      if let outer = outerScopes.popLast() { scope = outer }
      grow()
    }
    try enter(partial, data: data, output: &output)
    // An interrupt does not leave a partial that is rendered apart.
    pending = nil
  }

  /// Runs `partial` where it stands.
  private mutating func enter<Data: TemplateData>(
    _ partial: Program,
    data: Data,
    output: inout ByteBuffer
  ) throws(Fault) {
    // An include adds a level of variables besides its own.
    let wanted = depth + (scope.isIsolated ? 0 : 1)
    guard wanted < options.limits.partialDepth else {
      var fault = Fault(.limit, "Nesting too deep")
      fault.isInline = true
      throw fault
    }
    try checkTime()
    try checkOutput(output.count)
    depth += 1
    defer { depth -= 1 }
    grow()
    do throws(LiquidError) {
      if case .interrupted(let interrupt) = try run(partial, data: data, output: &output) {
        pending = interrupt
      }
    } catch {
      throw Fault(carrying: error)
    }
  }

  private mutating func partial(_ name: String, isIsolated: Bool) throws(Fault) -> Program {
    switch library.entry(PartialLibrary.Key(name: name, isIsolated: isIsolated)) {
    case .program(let program): return program
    case .failed(let error): throw Fault(carrying: error)
    case .missing: throw Fault(.partial, "Could not find asset \(name)")
    }
  }

  mutating func cycle<Data: TemplateData>(
    _ entry: CycleEntry,
    program: Program,
    data: Data,
    output: inout ByteBuffer
  ) throws(Fault) {
    try checkPlace()
    var key = entry.key
    if entry.name >= 0 { key = "\(try evaluate(entry.name, program: program, data: data))" }
    let round = scope.cycles[key] ?? 0
    if round < entry.values.count {
      write(
        try evaluate(entry.values[round], program: program, data: data),
        ending: .plain,
        output: &output
      )
    }
    scope.cycles[key] = round + 1 >= entry.values.count ? 0 : round + 1
  }

  /// `increment` writes the number and then counts, `decrement` counts and then writes.
  mutating func count(_ symbol: Int, step: Int, output: inout ByteBuffer) {
    let number = scope.counters[symbol] ?? 0
    let after = number &+ step
    scope.counters[symbol] = after
    write(.integer(step < 0 ? after : number), ending: .plain, output: &output)
  }
}
