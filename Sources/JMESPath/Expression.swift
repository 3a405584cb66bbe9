public import Values

/// A JMESPath expression, compiled once and then used on any number of values.
///
/// The whole language of https://jmespath.org/specification.html with all its functions. Numbers
/// keep their digits and are compared by what they amount to, members keep their order, strings are
/// compared by code points.
public struct Expression: Sendable {
  let program: Program

  /// The text of the expression.
  public var source: String { program.source }

  /// Compiles `source`.
  ///
  /// Unknown functions, wrong numbers of arguments and steps of zero are found here too.
  /// Throws with the place in `source` if it is not an expression.
  public init(_ source: String) throws(JMESPathError) {
    var parser = try Parser(source)
    program = try parser.program()
  }

  /// What the expression makes of `value`.
  ///
  /// Throws if a function cannot take what it is given, and `limit` where more than ten million
  /// steps or values would be needed.
  public func search(_ value: Value) throws(JMESPathError) -> Value {
    var evaluator = Evaluator(program)
    let result = try program.root.evaluate(value, &evaluator)
    if program.mayMultiply { try evaluator.measure(result) }
    return result
  }
}
