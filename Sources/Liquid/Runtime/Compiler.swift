import Values

/// Turns statements into a flat program.
struct Compiler {
  /// The loop around a statement: where its interrupts go, and how many captures to close first.
  struct LoopPlace {
    var breaks: [Int] = []
    var continues: [Int] = []
    var captures: Int
  }

  let source: SourceText
  let library: PartialLibrary
  let isIsolated: Bool
  let assigned: Set<String>
  let fragments: FragmentNames
  var tables = ProgramTables()
  /// What is wrong, in strict mode; the program is of no use then.
  var faults: [Fault] = []
  var loops: [LoopPlace] = []
  /// What closes the captures around a statement.
  var captures: [Instruction] = []
  private var constantStrings: [String: Int32] = [:]

  init(
    source: SourceText,
    library: PartialLibrary,
    isIsolated: Bool,
    assigned: Set<String>,
    fragments: FragmentNames
  ) {
    self.source = source
    self.library = library
    self.isIsolated = isIsolated
    self.assigned = assigned
    self.fragments = fragments
  }

  var isJSON: Bool { library.options.mode == .json }

  var here: Int { tables.instructions.count }

  mutating func compile(_ statements: [Statement]) throws(Fault) {
    for statement in statements {
      let start = here
      do throws(Fault) {
        try compile(statement)
      } catch {
        var fault = error
        fault.offset = fault.offset ?? statement.offset
        guard library.options.syntax == .strict else { throw fault }
        faults.append(fault)
        for body in statement.bodies { try compile(body) }
      }
      // Only what the statement itself emitted and nothing inside it has claimed.
      for index in start..<here where tables.recoveries[index] < 0 {
        tables.recoveries[index] = Int32(here)
        tables.offsets[index] = Int32(statement.offset)
        tables.isSilent[index] = statement.isBlank
      }
    }
  }

  @discardableResult
  mutating func emit(_ instruction: Instruction) -> Int {
    tables.instructions.append(instruction)
    tables.offsets.append(0)
    tables.recoveries.append(-1)
    tables.isSilent.append(false)
    return here - 1
  }

  mutating func constant(_ operand: Operand) -> Int32 {
    tables.constants.append(operand)
    return node(.constant(Int32(tables.constants.count - 1)))
  }

  mutating func node(_ node: Node) -> Int32 {
    tables.nodes.append(node)
    return Int32(tables.nodes.count - 1)
  }

  mutating func name(_ name: String) -> Int32 {
    if let known = constantStrings[name] { return known }
    tables.names.append(name)
    constantStrings[name] = Int32(tables.names.count - 1)
    return Int32(tables.names.count - 1)
  }

  func symbol(_ name: String) -> Int32 { Int32(library.symbols.number(of: name)) }

  private mutating func compile(_ statement: Statement) throws(Fault) {
    switch statement.kind {
    case .nothing: break
    case .text(let range): compileText(range)
    case .output(let value): try compileOutput(value)
    case .assign(let name, let value):
      let node = try filtered(value)
      warn(of: value)
      emit(.assign(symbol: symbol(name), node: node))
    case .capture(let name, let body):
      let isFragment = isJSON && fragments.writesMarkup(body, source)
      try compileCapture(
        body,
        begin: .beginCapture(isFragment ? .fragment : .text),
        end: .endCapture(symbol: symbol(name))
      )
    case .ifChanged(let body):
      try compileCapture(body, begin: .beginCapture(.sameAsAround), end: .endIfChanged)
    case .branches(let branches): try compileBranches(branches)
    case .cases(let cases): try compileCases(cases)
    case .loop(let loop): try compileLoop(loop)
    case .tableRow(let table): try compileTableRow(table)
    case .cycle(let cycle): try compileCycle(cycle)
    case .increment(let name): emit(.increment(symbol: symbol(name)))
    case .decrement(let name): emit(.decrement(symbol: symbol(name)))
    case .interrupt(let interrupt): compileInterrupt(interrupt)
    case .include(let include): try compileInclude(include)
    case .render(let render): try compileRender(render)
    }
  }

  private mutating func compileText(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    emit(
      .text(
        start: Int32(range.lowerBound),
        count: Int32(range.count),
        transitions: JSONPlace.transitions(source.bytes[range])
      )
    )
  }

  private mutating func compileOutput(_ value: FilteredExpression) throws(Fault) {
    let ending: OutputEnding =
      switch library.options.hasOwnFilters ? value.filters.last?.name : nil {
      case "raw": .raw
      case "json": .json
      default: .plain
      }
    let node = try filtered(value)
    warn(of: value)
    if case .slot(let slot) = tables.nodes[Int(node)], ending == .plain {
      emit(.slot(slot))
    } else if case .filter(let number) = tables.nodes[Int(node)],
      let change = tables.filters[Int(number)].caseChange
    {
      emit(.plainOutput(node: tables.filters[Int(number)].input, filter: change))
    } else {
      emit(.output(node: node, ending: ending))
    }
  }

  private mutating func compileCapture(
    _ body: [Statement],
    begin: Instruction,
    end: Instruction
  ) throws(Fault) {
    emit(begin)
    captures.append(end)
    try compile(body)
    captures.removeLast()
    emit(end)
  }

  private mutating func compileBranches(_ branches: [Branch]) throws(Fault) {
    var ends: [Int] = []
    for (index, branch) in branches.enumerated() {
      guard let condition = branch.condition else {
        try compile(branch.body)
        // Behind an `else` nothing is ever reached.
        break
      }
      let node = try self.condition(condition)
      let test = emit(.branch(node: node, sense: branch.isNegated, to: 0))
      try compile(branch.body)
      if index < branches.count - 1 { ends.append(emit(.jump(0))) }
      tables.instructions[test] = .branch(
        node: node,
        sense: branch.isNegated,
        to: Int32(here)
      )
    }
    for end in ends { tables.instructions[end] = .jump(Int32(here)) }
  }

  private mutating func compileCases(_ cases: CaseTag) throws(Fault) {
    let subject = try expression(cases.subject)
    let register = Int32(tables.registerCount)
    tables.registerCount += 2
    emit(.beginCase(register: register))
    for when in cases.whens {
      guard let values = when.values else {
        let test = emit(.unlessMatched(register: register, otherwise: 0))
        try compile(when.body)
        tables.instructions[test] = .unlessMatched(register: register, otherwise: Int32(here))
        continue
      }
      var nodes: [Int32] = []
      for value in values { nodes.append(try expression(value)) }
      tables.cases.append(CaseEntry(subject: subject, values: nodes))
      let table = Int32(tables.cases.count - 1)
      emit(.beginWhen(register: register))
      let test = emit(.when(table: table, register: register, otherwise: 0))
      try compile(when.body)
      emit(.jump(Int32(test)))
      tables.instructions[test] = .when(
        table: table,
        register: register,
        otherwise: Int32(here)
      )
    }
  }
}
