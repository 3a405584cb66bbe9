internal import JSON
internal import Text
internal import Values

/// One evaluation of a program: what it has cost until now.
struct Evaluator {
  /// Most steps and measured values of one search.
  static let stepsMax = 10_000_000

  let slots: (any ExpressionSlots)?
  private let mayMultiply: Bool
  private var steps = 0
  /// In how many arrays and objects lies what is written next.
  var depth = 0

  init(_ program: Program, _ slots: (any ExpressionSlots)?) {
    self.slots = slots
    mayMultiply = program.mayMultiply
  }

  /// Appends `value` as JSON; false, and nothing, for null.
  func append(_ value: Value, to output: inout ByteBuffer) -> Bool {
    withUnsafePointer(to: value) { append(at: $0, to: &output) }
  }

  /// Appends the value at `place` as JSON; false, and nothing, for null.
  func append(at place: UnsafePointer<Value>, to output: inout ByteBuffer) -> Bool {
    if place.pointee.isNull { return false }
    output.append(jsonAt: place, depth: depth)
    return true
  }

  /// Counts towards the bound of a search.
  @inline(__always) mutating func charge(_ count: Int) throws(JMESPathError) {
    steps &+= count
    if steps > Evaluator.stepsMax { throw tooLong }
  }

  private var tooLong: JMESPathError {
    JMESPathError(
      .limit,
      "the expression needs more than \(Evaluator.stepsMax) steps",
      at: 0,
      of: ""
    )
  }

  /// Counts the values in `value`, each as often as it is in there, where values may have multiplied.
  mutating func measure(_ value: Value) throws(JMESPathError) {
    if mayMultiply { try count(value) }
  }

  private mutating func count(_ value: Value) throws(JMESPathError) {
    switch value {
    case .array(let items):
      try charge(items.count + 1)
      for item in items { try count(item) }
    case .object(let object):
      try charge(object.count + 1)
      for index in 0..<object.count { try count(object[at: index].value) }
    case .null, .bool, .integer, .bigInteger, .decimal, .float, .string: break
    }
  }

  /// Whether two values are equal, which is paid for where values may have multiplied.
  mutating func equal(_ left: Value, _ right: Value) throws(JMESPathError) -> Bool {
    try measure(left)
    return left.equals(right)
  }
}
