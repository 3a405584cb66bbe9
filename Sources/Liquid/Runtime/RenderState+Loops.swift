import Text
import JSON
import Values

extension RenderState {
  /// Begins a `for` loop; false if there is nothing to walk.
  mutating func begin<Data: TemplateData>(
    _ entry: LoopEntry,
    program: Program,
    data: Data,
    outputCount: Int
  ) throws(Fault) -> Bool {
    var from = 0
    if entry.continues {
      from = scope.loopEnds[entry.name] ?? 0
    } else if entry.offset >= 0 {
      let operand = try evaluate(entry.offset, program: program, data: data).plain
      from = operand.isNull ? 0 : try Numbers.integer(operand)
    }
    var loop = try walk(
      try evaluate(entry.collection, program: program, data: data),
      kind: .loop,
      name: entry.name,
      variable: Int(entry.variable)
    )
    var to: Int?
    if entry.limit >= 0 {
      let operand = try evaluate(entry.limit, program: program, data: data).plain
      if !operand.isNull {
        to = LoopState.end(from, try Numbers.integer(operand))
      }
    }
    loop.cut(from: from, to: to)
    loop.isReversed = entry.isReversed
    if remembersLoops { scope.loopEnds[entry.name] = LoopState.end(from, loop.count) }
    guard loop.count > 0 else { return false }
    loop.savedVariable = scope.locals[loop.variable].scoped
    push(loop, Symbols.forLoop)
    try countRound(outputCount)
    return true
  }

  /// The items of `collection`; nothing for what cannot be walked.
  private mutating func walk(
    _ collection: Operand,
    kind: LoopState.Kind,
    name: String,
    variable: Int
  ) throws(Fault) -> LoopState {
    var loop = LoopState(
      kind: kind,
      items: [],
      start: 0,
      count: 0,
      variable: variable,
      serial: 0,
      name: name
    )
    switch collection.plain {
    case .value(.array(let items)): loop.items = items
    case .value(.object(let object)):
      loop.items.reserveCapacity(object.count)
      for index in 0..<object.count {
        let member = object[at: index]
        loop.items.append(.array([.string(member.key), member.value]))
      }
    case .value(.string(let text)):
      if !text.isEmpty { loop.items = [.string(text)] }
      loop.isText = true
    case .range(let first, let last):
      loop.rangeStart = first
      loop.count = RangeSpan.count(first, last)
      return loop
    case .value, .blank, .empty, .loop, .scope, .fragment: break
    }
    loop.count = loop.items.count
    return loop
  }

  /// Puts `loop` on the stack, with its variable and the variable `symbol` about it.
  mutating func push(_ loop: consuming LoopState, _ symbol: Int) {
    serial += 1
    loop.serial = serial
    loop.base = scope.loopBase
    loop.savedLoop = scope.locals[symbol].scoped
    scope.locals[symbol].scoped = .loop(loops.count, serial)
    let isPartial = loop.kind == .partial
    let variable = loop.variable
    loops.append(consume loop)
    if !isPartial { scope.locals[variable].scoped = item(loops.count - 1) }
  }

  /// Moves to the next item; returns false after the last.
  mutating func nextRound(_ outputCount: Int) throws(Fault) -> Bool {
    let last = loops.count - 1
    loops[last].index += 1
    guard loops[last].index < loops[last].count else { return false }
    try countRound(outputCount)
    scope.locals[loops[last].variable].scoped = item(last)
    return true
  }

  /// The item that the loop at `place` stands at, read in place.
  @inline(__always) private mutating func item(_ place: Int) -> Operand {
    let count = loops[place].count
    let index = loops[place].index
    let offset = loops[place].start + (loops[place].isReversed ? count - 1 - index : index)
    if let rangeStart = loops[place].rangeStart { return .integer(rangeStart + offset) }
    return .value(loops[place].items[offset])
  }

  mutating func endLoop(_ symbol: Int) {
    guard let last = loops.indices.last else { return }
    if loops[last].kind != .partial {
      scope.locals[loops[last].variable].scoped = loops[last].savedVariable
    }
    scope.locals[symbol].scoped = loops[last].savedLoop
    loops.removeLast()
  }

  /// Begins a `tablerow`; false if there is nothing to walk.
  mutating func begin<Data: TemplateData>(
    _ entry: TableRowEntry,
    program: Program,
    data: Data,
    outputCount output: inout ByteBuffer
  ) throws(Fault) -> Bool {
    let collection = try evaluate(entry.collection, program: program, data: data)
    guard collection.isTrue else { return false }
    let from = entry.offset < 0 ? 0 : try tableInteger(entry.offset, program: program, data: data)
    var to: Int?
    if entry.limit >= 0 {
      to = LoopState.end(from, try tableInteger(entry.limit, program: program, data: data))
    }
    var loop = try walk(collection, kind: .tableRow, name: "", variable: Int(entry.variable))
    loop.cut(from: from, to: to)
    loop.columns =
      entry.columns < 0 ? loop.count : try tableInteger(entry.columns, program: program, data: data)
    write(markup: "<tr class=\"row1\">\n", &output)
    guard loop.count > 0 else {
      write(markup: "</tr>\n", &output)
      return false
    }
    loop.savedVariable = scope.locals[loop.variable].scoped
    push(loop, Symbols.tableRowLoop)
    try countRound(output.count)
    openCell(&output)
    return true
  }

  private mutating func tableInteger<Data: TemplateData>(
    _ node: Int32,
    program: Program,
    data: Data
  ) throws(Fault) -> Int {
    let operand = try evaluate(node, program: program, data: data)
    switch operand {
    case .value(.null): return 0
    case .value(.string(let text)): return Numbers.leadingInteger(text).int ?? Int.max
    case .value(.float), .value(.decimal):
      return Numbers.truncated(operand)
    default: return try Numbers.integer(operand)
    }
  }

  /// Closes a cell and opens the next; returns false after the last.
  mutating func nextCell(_ output: inout ByteBuffer) throws(Fault) -> Bool {
    let last = loops.count - 1
    let isRowEnd = loops[last].column == loops[last].columns
    guard try nextRound(output.count) else { return false }
    write(markup: "</td>", &output)
    if isRowEnd {
      write(markup: "</tr>\n<tr class=\"row", &output)
      output.append(integer: loops[last].row)
      write(markup: "\">", &output)
    }
    openCell(&output)
    return true
  }

  private mutating func openCell(_ output: inout ByteBuffer) {
    write(markup: "<td class=\"col", &output)
    output.append(integer: loops[loops.count - 1].column)
    write(markup: "\">", &output)
  }

  /// A field of the innermost `forloop`.
  mutating func loopField(_ field: LoopField) -> Operand {
    guard case .loop(let place, let serial)? = scope.locals[Symbols.forLoop].scoped,
      place < loops.count, loops[place].serial == serial
    else { return .null }
    return LoopState.field(field, index: loops[place].index, count: loops[place].count)
  }

  /// The field `name` of the loop at `place`, if that is still the one with `serial`.
  mutating func loopField(_ name: String, place: Int, serial: Int) -> Operand {
    guard place < loops.count, loops[place].serial == serial else { return .null }
    let loop = loops[place]
    if let field = LoopField(rawValue: name) { return loop.field(field) }
    if loop.kind == .tableRow { return loop.tableField(name) }
    switch name {
    case "name": return .string(loop.name)
    case "parentloop":
      let parent = loops[..<place].indices.last { $0 >= loop.base && loops[$0].kind == .loop }
      return parent.map { .loop($0, loops[$0].serial) } ?? .null
    default: return .null
    }
  }
}

extension LoopState {
  /// Where `limit` items from `from` on end.
  static func end(_ from: Int, _ limit: Int) -> Int {
    let (end, overflow) = from.addingReportingOverflow(limit)
    return overflow ? (limit < 0 ? Int.min : Int.max) : end
  }

  /// Keeps the items from `from` on and before `to`.
  mutating func cut(from: Int, to: Int?) {
    // A text is one item, whatever part of it is asked for.
    guard !isText else { return }
    let end = max(0, min(to ?? count, count))
    start = max(0, from)
    count = max(0, end - start)
  }

  func field(_ field: LoopField) -> Operand {
    LoopState.field(field, index: index, count: count)
  }

  static func field(_ field: LoopField, index: Int, count: Int) -> Operand {
    switch field {
    case .index: .integer(index + 1)
    case .index0: .integer(index)
    case .rindex: .integer(count - index)
    case .rindex0: .integer(count - index - 1)
    case .first: .bool(index == 0)
    case .last: .bool(index == count - 1)
    case .length: .integer(count)
    }
  }

  var column: Int { columns > 0 ? index % columns + 1 : index + 1 }

  var row: Int { columns > 0 ? index / columns + 1 : 1 }

  func tableField(_ name: String) -> Operand {
    switch name {
    case "col": .integer(column)
    case "col0": .integer(column - 1)
    case "row": .integer(row)
    case "col_first": .bool(column == 1)
    case "col_last": .bool(column == columns)
    default: .null
    }
  }
}
