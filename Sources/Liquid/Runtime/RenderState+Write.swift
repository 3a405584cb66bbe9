import Text
import JSON
import Values

extension RenderState {
  /// In JSON mode: a value can stand everywhere but in the middle of an escape.
  @inline(__always) mutating func checkPlace() throws(Fault) {
    if writesJSON, place > JSONPlace.inside {
      throw Fault(.place, "a value cannot stand in the middle of an escape such as \\n")
    }
  }

  /// Writes a slot of the data straight into the output.
  @inline(__always) mutating func write<Data: TemplateData>(
    slot: Int,
    _ data: Data,
    _ output: inout ByteBuffer
  ) throws(Fault) {
    guard writesJSON else {
      data.append(slot: slot, as: .text, to: &output)
      return
    }
    try checkPlace()
    data.append(
      slot: slot,
      as: place == JSONPlace.inside ? .escaped : .json,
      to: &output
    )
  }

  /// Writes `operand` as its place in the output asks.
  mutating func write(_ operand: Operand, ending: OutputEnding, output: inout ByteBuffer) {
    guard writesJSON else { return writeText(operand, &output) }
    if ending == .raw {
      let start = output.count
      writeText(operand, &output)
      for byte in output.bytes(start..<output.count) { place = JSONPlace.next(place, byte) }
      return
    }
    if case .fragment(let fragment) = operand { return write(fragment, &output) }
    if place == JSONPlace.inside { return writeEscaped(operand, &output) }
    if ending == .json { return writeText(operand, &output) }
    switch operand {
    case .value(let value): output.append(json: value)
    case .range(let first, let last):
      output.append(UInt8(ascii: "["))
      if first <= last {
        for number in first...last {
          if number > first { output.append(UInt8(ascii: ",")) }
          output.append(integer: number)
          if output.count - outputStart > options.limits.outputBytes { break }
        }
      }
      output.append(UInt8(ascii: "]"))
    case .blank, .empty: output.append("\"\"")
    case .loop, .scope, .fragment: output.append("null")
    }
  }

  /// Writes `operand` with the case of its letters changed.
  mutating func write(
    _ operand: Operand,
    through change: CaseChange,
    _ output: inout ByteBuffer
  ) {
    guard case .value(.string(let text)) = operand else {
      return write(
        .string(changed(FilterText.text(operand), change)),
        ending: .plain,
        output: &output
      )
    }
    let isQuoted = writesJSON && place != JSONPlace.inside
    let start = output.count
    if isQuoted { output.append(UInt8(ascii: "\"")) }
    guard PlainCase.append(text, change, to: &output) else {
      output.truncate(to: start)
      return write(.string(changed(text, change)), ending: .plain, output: &output)
    }
    if isQuoted { output.append(UInt8(ascii: "\"")) }
  }

  private mutating func changed(_ text: String, _ change: CaseChange) -> String {
    switch change {
    case .capitals: text.uppercased()
    case .small: text.lowercased()
    case .firstCapital: TextFilters.capitalized(text)
    }
  }

  private mutating func writeText(_ operand: Operand, _ output: inout ByteBuffer) {
    switch operand {
    case .value(let value): output.append(text: value)
    case .range, .blank, .empty, .loop, .scope, .fragment: output.append(text(operand))
    }
  }

  private mutating func writeEscaped(_ operand: Operand, _ output: inout ByteBuffer) {
    switch operand {
    case .value(let value): output.append(escapedText: value)
    case .range, .blank, .empty, .loop, .scope, .fragment: output.append(escaped: text(operand))
    }
  }

  /// What `operand` is as text.
  mutating func text(_ operand: Operand) -> String {
    switch operand {
    case .value(let value): value.text
    case .range(let first, let last): "\(first)..\(last)"
    case .blank, .empty: ""
    case .loop(let place, _):
      place < loops.count && loops[place].kind == .tableRow
        ? "Liquid::TablerowloopDrop" : "Liquid::ForloopDrop"
    case .scope: "Liquid::SelfDrop"
    case .fragment(let fragment): fragment.text
    }
  }

  /// Writes markup of a tag, which stands in the template's own text.
  mutating func write(markup: StaticString, _ output: inout ByteBuffer) {
    write(
      markup: UnsafeRawBufferPointer(start: markup.utf8Start, count: markup.utf8CodeUnitCount),
      &output
    )
  }

  mutating func write(markup: UnsafeRawBufferPointer, _ output: inout ByteBuffer) {
    if writesJSON, place == JSONPlace.inside {
      output.append(escaped: markup)
      return
    }
    output.append(markup)
    if writesJSON {
      for byte in markup { place = JSONPlace.next(place, byte) }
    }
  }
}
