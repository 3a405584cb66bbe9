import Text
import Values

extension RenderState {
  /// Runs `program` to its end or to an interrupt that leaves it.
  mutating func run<Data: TemplateData>(
    _ program: Program,
    data: Data,
    output: inout ByteBuffer
  ) throws(LiquidError) -> Completion {
    let base = registerBase
    if program.tables.registerCount > 0 {
      registerBase = registers.count
      registers.append(contentsOf: repeatElement(0, count: program.tables.registerCount))
    }
    defer {
      if program.tables.registerCount > 0 {
        registers.removeLast(program.tables.registerCount)
        registerBase = base
      }
    }
    var position = 0
    while true {
      do throws(Fault) {
        let completion = try run(program, from: &position, data: data, output: &output)
        try checkOutput(output.count)
        return completion
      } catch {
        try recover(from: error, program, position: &position, output: &output)
      }
    }
  }

  /// Writes an error into the output where that is wanted, else throws it.
  private mutating func recover(
    from fault: Fault,
    _ program: Program,
    position: inout Int,
    output: inout ByteBuffer
  ) throws(LiquidError) {
    let at = min(position, program.tables.offsets.count - 1)
    let error = LiquidError(
      fault,
      offset: at < 0 ? 0 : Int(program.tables.offsets[at]),
      template: program.source.name,
      source: program.source.bytes
    )
    guard options.errors == .inline, fault.code != .limit || fault.isInline, at >= 0 else {
      throw fault.cause ?? error
    }
    position = Int(program.tables.recoveries[at])
    // What is blank writes nothing, not even that.
    if program.tables.isSilent[at] { return }
    inlineErrors += 1
    let line = SourcePlace(
      offset: Int(program.tables.offsets[at]),
      in: program.source.bytes
    ).line
    let name = depth > 0 ? "\(program.source.name) " : ""
    let kind = fault.code == .syntax ? "Liquid syntax error" : "Liquid error"
    write(
      .string("\(kind) (\(name)line \(line)): \(fault.message)"),
      ending: .plain,
      output: &output
    )
  }

  private mutating func run<Data: TemplateData>(
    _ program: Program,
    from position: inout Int,
    data: Data,
    output: inout ByteBuffer
  ) throws(Fault) -> Completion {
    let end = program.tables.instructions.count
    while position < end {
      switch program.tables.instructions[position] {
      case .text(let start, let length, let transitions):
        program.source.bytes.withUnsafeBytes { bytes in
          output.append(
            UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<Int(start) + Int(length)])
          )
        }
        if writesJSON { place = JSONPlace.apply(transitions, to: place) }
      case .slot(let slot):
        try write(slot: Int(slot), data, &output)
      case .output(let node, let ending):
        try checkPlace()
        let operand = try evaluate(node, program: program, data: data)
        write(operand, ending: ending, output: &output)
      case .plainOutput(let node, let filter):
        try checkPlace()
        let operand = try evaluate(node, program: program, data: data)
        write(operand, through: filter, &output)
      case .jump(let target):
        position = Int(target)
        continue
      case .branch(let node, let sense, let target):
        if try evaluate(node, program: program, data: data).isTrue == sense {
          position = Int(target)
          continue
        }
      case .assign(let symbol, let node):
        scope.locals[Int(symbol)].assigned = try evaluate(node, program: program, data: data)
      case .beginLoop(let loop, let otherwise):
        let entry = program.tables.loops[Int(loop)]
        if try !begin(entry, program: program, data: data, outputCount: output.count) {
          position = Int(otherwise)
          continue
        }
      case .nextRound(let body):
        if try nextRound(output.count) {
          position = Int(body)
          continue
        }
      case .endLoop: endLoop(Symbols.forLoop)
      case .interrupted(let breaks, let continues):
        let interrupt = pending ?? .break
        pending = nil
        guard breaks >= 0 else { return .interrupted(interrupt) }
        position = Int(interrupt == .break ? breaks : continues)
        continue
      case .stop(let interrupt): return .interrupted(interrupt)
      case let rare:
        if let target = try step(rare, program: program, data: data, output: &output) {
          position = target
          continue
        }
      }
      position += 1
    }
    return .finished
  }

  /// One of the steps that are taken less often; where to jump, nil to go on.
  private mutating func step<Data: TemplateData>(
    _ instruction: Instruction,
    program: Program,
    data: Data,
    output: inout ByteBuffer
  ) throws(Fault) -> Int? {
    switch instruction {
    case .beginCapture(let kind): beginCapture(kind, at: output.count)
    case .endCapture(let symbol):
      scope.locals[Int(symbol)].assigned = try endCapture(&output)
    case .endIfChanged: endIfChanged(&output)
    case .increment(let symbol): count(Int(symbol), step: 1, output: &output)
    case .decrement(let symbol): count(Int(symbol), step: -1, output: &output)
    case .cycle(let number):
      try cycle(program.tables.cycles[Int(number)], program: program, data: data, output: &output)
    case .beginTableRow(let table, let end):
      let entry = program.tables.tableRows[Int(table)]
      return try begin(entry, program: program, data: data, outputCount: &output) ? nil : Int(end)
    case .nextCell(let body): return try nextCell(&output) ? Int(body) : nil
    case .endTableRow:
      write(markup: "</td></tr>\n", &output)
      endLoop(Symbols.tableRowLoop)
    case .include(let number):
      try include(
        program.tables.includes[Int(number)],
        program: program,
        data: data,
        output: &output
      )
    case .render(let number):
      try render(program.tables.renders[Int(number)], program: program, data: data, output: &output)
    case .unlessInterrupted(let target): return pending == nil ? Int(target) : nil
    case .beginCase(let register): registers[registerBase + Int(register) + 1] = 0
    case .beginWhen(let register): registers[registerBase + Int(register)] = 0
    case .when(let table, let register, let otherwise):
      let entry = program.tables.cases[Int(table)]
      return try isMatched(entry, at: registerBase + Int(register), program: program, data: data)
        ? nil : Int(otherwise)
    case .unlessMatched(let register, let otherwise):
      return registers[registerBase + Int(register) + 1] == 1 ? Int(otherwise) : nil
    case .text, .slot, .output, .plainOutput, .jump, .branch, .assign, .beginLoop, .nextRound,
      .endLoop, .interrupted, .stop:
      break  // `run` takes these itself.
    }
    return nil
  }

  /// Whether a value of a `when` that was not tried yet equals the subject.
  ///
  /// The register at `tried` counts the values tried, the one after it says that the `case` has its
  /// match.
  private mutating func isMatched<Data: TemplateData>(
    _ entry: CaseEntry,
    at tried: Int,
    program: Program,
    data: Data
  ) throws(Fault) -> Bool {
    while registers[tried] < entry.values.count {
      let value = entry.values[registers[tried]]
      registers[tried] += 1
      let left = try evaluate(entry.subject, program: program, data: data).plain
      if Comparing.equal(left, try evaluate(value, program: program, data: data).plain) {
        registers[tried + 1] = 1
        return true
      }
    }
    return false
  }
}
