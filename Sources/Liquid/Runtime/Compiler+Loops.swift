extension Compiler {
  mutating func compileLoop(_ loop: ForTag) throws(Fault) {
    let entry = LoopEntry(
      variable: symbol(loop.variable),
      collection: try expression(loop.collection),
      name: loop.name,
      isReversed: loop.isReversed,
      limit: try optional(loop.limit),
      offset: try optional(loop.continues ? nil : loop.offset),
      continues: loop.continues
    )
    if loop.continues { library.rememberLoops() }
    tables.loops.append(entry)
    let number = Int32(tables.loops.count - 1)
    let begin = emit(.beginLoop(loop: number, otherwise: 0))
    let body = here
    loops.append(LoopPlace(captures: captures.count))
    try compile(loop.body)
    let place = loops.removeLast()
    patch(place.continues, to: here)
    emit(.nextRound(body: Int32(body)))
    patch(place.breaks, to: here)
    emit(.endLoop)
    if loop.otherwise.isEmpty {
      tables.instructions[begin] = .beginLoop(loop: number, otherwise: Int32(here))
    } else {
      let skip = emit(.jump(0))
      tables.instructions[begin] = .beginLoop(loop: number, otherwise: Int32(here))
      try compile(loop.otherwise)
      tables.instructions[skip] = .jump(Int32(here))
    }
  }

  mutating func compileTableRow(_ table: TableRowTag) throws(Fault) {
    let entry = TableRowEntry(
      variable: symbol(table.variable),
      collection: try expression(table.collection),
      columns: try optional(table.columns),
      limit: try optional(table.limit),
      offset: try optional(table.offset)
    )
    tables.tableRows.append(entry)
    let number = Int32(tables.tableRows.count - 1)
    let begin = emit(.beginTableRow(table: number, end: 0))
    let body = here
    loops.append(LoopPlace(captures: captures.count))
    try compile(table.body)
    let place = loops.removeLast()
    patch(place.continues, to: here)
    emit(.nextCell(body: Int32(body)))
    patch(place.breaks, to: here)
    emit(.endTableRow)
    tables.instructions[begin] = .beginTableRow(table: number, end: Int32(here))
  }

  private mutating func optional(_ expression: Expression?) throws(Fault) -> Int32 {
    guard let expression else { return -1 }
    return try self.expression(expression)
  }

  private mutating func patch(_ jumps: [Int], to target: Int) {
    for jump in jumps {
      switch tables.instructions[jump] {
      case .interrupted(let breaks, let continues):
        // The break target is filled in later than the continue target.
        tables.instructions[jump] =
          continues == 0
          ? .interrupted(breaks: breaks, continues: Int32(target))
          : .interrupted(breaks: Int32(target), continues: continues)
      default: tables.instructions[jump] = .jump(Int32(target))
      }
    }
  }

  mutating func compileInterrupt(_ interrupt: Interrupt) {
    closeCaptures()
    guard let loop = loops.indices.last else {
      emit(.stop(interrupt))
      return
    }
    let jump = emit(.jump(0))
    if interrupt == .break {
      loops[loop].breaks.append(jump)
    } else {
      loops[loop].continues.append(jump)
    }
  }

  /// Closes the captures between here and the loop around, whose bodies an interrupt leaves.
  private mutating func closeCaptures() {
    let outer = loops.last?.captures ?? 0
    for end in captures[outer...].reversed() { emit(end) }
  }

  mutating func compileCycle(_ cycle: CycleTag) throws(Fault) {
    var values: [Int32] = []
    for value in cycle.values { values.append(try written(value)) }
    tables.cycles.append(
      CycleEntry(name: try optional(cycle.name), key: cycle.key, values: values)
    )
    emit(.cycle(Int32(tables.cycles.count - 1)))
  }

  mutating func compileInclude(_ include: IncludeTag) throws(Fault) {
    let entry = IncludeEntry(
      template: try expression(include.template),
      variable: try optional(include.variable),
      alias: include.alias,
      arguments: try arguments(include.arguments)
    )
    tables.includes.append(entry)
    emit(.include(Int32(tables.includes.count - 1)))
    let skip = emit(.unlessInterrupted(to: 0))
    closeCaptures()
    if let loop = loops.indices.last {
      let jump = emit(.interrupted(breaks: 0, continues: 0))
      loops[loop].breaks.append(jump)
      loops[loop].continues.append(jump)
    } else {
      emit(.interrupted(breaks: -1, continues: -1))
    }
    tables.instructions[skip] = .unlessInterrupted(to: Int32(here))
  }

  mutating func compileRender(_ render: RenderTag) throws(Fault) {
    let entry = RenderEntry(
      template: render.template,
      symbol: symbol(render.alias ?? IncludeTag.variableName(of: render.template)),
      variable: try optional(render.variable),
      isLoop: render.isLoop,
      arguments: try arguments(render.arguments)
    )
    tables.renders.append(entry)
    emit(.render(Int32(tables.renders.count - 1)))
  }

  private mutating func arguments(
    _ arguments: [(name: String, value: Expression)]
  ) throws(Fault) -> [(symbol: Int32, node: Int32)] {
    var nodes: [(symbol: Int32, node: Int32)] = []
    for argument in arguments {
      nodes.append((symbol(argument.name), try written(argument.value)))
    }
    return nodes
  }
}
