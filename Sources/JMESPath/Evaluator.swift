internal import Values

/// One evaluation of a program: what it has cost until now.
struct Evaluator {
  /// Most steps and measured values of one search.
  static let stepsMax = 10_000_000

  let program: Program
  private var steps = 0

  init(_ program: Program) {
    self.program = program
  }

  /// What the step `number` makes of `value`.
  mutating func evaluate(_ number: Int, _ value: Value) throws(JMESPathError) -> Value {
    try program.steps[number].evaluate(value, &self)
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
      of: program.source
    )
  }

  /// Counts the values in `value`, each as often as it is in there.
  mutating func measure(_ value: Value) throws(JMESPathError) {
    switch value {
    case .array(let items):
      try charge(items.count + 1)
      for item in items { try measure(item) }
    case .object(let object):
      try charge(object.count + 1)
      for index in 0..<object.count { try measure(object[at: index].value) }
    case .null, .bool, .integer, .bigInteger, .decimal, .float, .string: break
    }
  }

  /// Whether two values are equal, which is paid for where values may have multiplied.
  mutating func equal(_ left: Value, _ right: Value) throws(JMESPathError) -> Bool {
    if program.mayMultiply { try measure(left) }
    return left.equals(right)
  }
}
