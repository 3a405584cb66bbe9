internal import JSON
internal import Text
internal import Values

/// The same value always.
final class LiteralStep: ChangingStep, @unchecked Sendable {
  let literal: Value

  init(_ literal: Value) { self.literal = literal }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return literal
  }
}

/// A member, and of what it is the next one, as far as a path goes.
final class FieldStep: ChangingStep, @unchecked Sendable {
  private let name: MemberName
  private let next: FieldStep?

  init(_ name: MemberName, _ next: FieldStep?) {
    self.name = name
    self.next = next
  }

  /// The first step of a path; nil for no names.
  static func path(_ names: [MemberName]) -> FieldStep? {
    var first: FieldStep?
    for name in names.reversed() { first = FieldStep(name, first) }
    return first
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return member(of: value)
  }

  override func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    try evaluator.charge(1)
    return withUnsafePointer(to: value) { value in
      place(in: value).map { evaluator.append(at: $0, to: &output) } ?? false
    }
  }

  /// The member at the end of the path, null if there is none.
  func member(of value: Value) -> Value {
    withUnsafePointer(to: value) { place(in: $0)?.pointee ?? .null }
  }

  private func place(in value: UnsafePointer<Value>) -> UnsafePointer<Value>? {
    guard let member = value.member(name) else { return nil }
    return next == nil ? member : next?.place(in: member)
  }
}

/// A slot, or a member of it.
final class SlotStep: ChangingStep, @unchecked Sendable {
  private let slot: Int
  private let path: FieldStep?

  init(_ slot: Int, _ path: FieldStep?) {
    self.slot = slot
    self.path = path
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    let found = evaluator.slots?.value(slot: slot) ?? .null
    return path?.member(of: found) ?? found
  }

  override func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    if path != nil { return try super.write(value, &evaluator, to: &output) }
    try evaluator.charge(1)
    return evaluator.slots?.append(slot: slot, to: &output) ?? false
  }
}

/// The item at a position, from the end if it is negative.
final class IndexStep: ChangingStep, @unchecked Sendable {
  private let index: Int

  init(_ index: Int) { self.index = index }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    guard case .array(let items) = value else { return .null }
    let position = index < 0 ? items.count + index : index
    return items.indices.contains(position) ? items[position] : .null
  }
}

final class SliceStep: ChangingStep, @unchecked Sendable {
  private let slice: Slice

  init(_ slice: Slice) { self.slice = slice }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return slice.cut(value)
  }
}

/// The first step, then the second on what came out.
final class ChainStep: ChangingStep, @unchecked Sendable {
  private let first: Step
  private let second: Step

  init(_ first: Step, _ second: Step) {
    self.first = first
    self.second = second
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return try second.evaluate(try first.evaluate(value, &evaluator), &evaluator)
  }

  override func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    try evaluator.charge(1)
    return try second.write(try first.evaluate(value, &evaluator), &evaluator, to: &output)
  }
}

final class ListStep: ChangingStep, @unchecked Sendable {
  private let items: [Step]

  init(_ items: [Step]) { self.items = items }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    if value.isNull { return .null }
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items { result.append(try item.evaluate(value, &evaluator)) }
    return .array(result)
  }

  override func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    try evaluator.charge(1)
    if value.isNull { return false }
    evaluator.depth += 1
    for (index, item) in items.enumerated() {
      output.append(UInt8(ascii: index == 0 ? "[" : ","))
      if !(try item.write(value, &evaluator, to: &output)) { output.append("null") }
    }
    output.append(UInt8(ascii: "]"))
    evaluator.depth -= 1
    return true
  }
}

/// An object of what steps make; of equal names the last counts, at the first's place.
final class HashStep: ChangingStep, @unchecked Sendable {
  private struct Member {
    let name: MemberName
    let value: Step
    /// Which bytes are written before the value: the name in quotes and what parts it from others.
    let prefix: Range<Int>
  }

  private let members: [Member]
  private let prefixes: [UInt8]
  private let hasEqualNames: Bool

  init(_ members: [(name: MemberName, value: Step)]) {
    var prefixes = ByteBuffer()
    self.members = members.map { name, value in
      let start = prefixes.count
      prefixes.append(UInt8(ascii: start == 0 ? "{" : ","))
      prefixes.append(quoted: name.text)
      prefixes.append(UInt8(ascii: ":"))
      return Member(name: name, value: value, prefix: start..<prefixes.count)
    }
    self.prefixes = Array(prefixes.bytes)
    hasEqualNames = Set(members.map(\.name)).count < members.count
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    if value.isNull { return .null }
    var result = Object()
    result.reserve(members.count)
    for member in members { result[member.name] = try member.value.evaluate(value, &evaluator) }
    return .object(result)
  }

  override func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    if hasEqualNames { return try super.write(value, &evaluator, to: &output) }
    try evaluator.charge(1)
    if value.isNull { return false }
    evaluator.depth += 1
    for index in members.indices {
      prefixes.withUnsafeBytes {
        output.append(UnsafeRawBufferPointer(rebasing: $0[members[index].prefix]))
      }
      let step = Unmanaged.passUnretained(members[index].value)
      if !(try step.write(value, &evaluator, to: &output)) { output.append("null") }
    }
    output.append(UInt8(ascii: "}"))
    evaluator.depth -= 1
    return true
  }
}

extension Unmanaged<Step> {
  /// The same for a step that somebody holds for as long as that takes: it is not retained.
  @inline(__always) fileprivate func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    try _withUnsafeGuaranteedRef { step in
      do throws(JMESPathError) {
        return Result<Bool, JMESPathError>.success(
          try step.write(value, &evaluator, to: &output)
        )
      } catch {
        return Result<Bool, JMESPathError>.failure(error)
      }
    }.get()
  }
}
