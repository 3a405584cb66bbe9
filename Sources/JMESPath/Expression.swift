internal import JSON
public import Text
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

  init(_ program: Program) {
    self.program = program
  }

  /// What the expression makes of `value`, and of `slots` if it was told to read any.
  ///
  /// Throws if a function cannot take what it is given, and `limit` where more than ten million
  /// steps or values would be needed.
  public func search(
    _ value: Value,
    slots: (any ExpressionSlots)? = nil
  ) throws(JMESPathError) -> Value {
    var evaluator = Evaluator(program, slots)
    let result = try program.root.evaluate(value, &evaluator)
    try evaluator.measure(result)
    return result
  }

  /// Appends the JSON of what `search` gives.
  ///
  /// What the expression makes new is written without being made first.
  /// Throws what `search` throws; `output` is then as it was.
  public func write(
    _ value: Value,
    slots: (any ExpressionSlots)? = nil,
    to output: inout ByteBuffer
  ) throws(JMESPathError) {
    // The size of such a result is known only when it has been made.
    if program.mayMultiply { return output.append(json: try search(value, slots: slots)) }
    let start = output.count
    var evaluator = Evaluator(program, slots)
    do throws(JMESPathError) {
      if !(try program.root.write(value, &evaluator, to: &output)) { output.append("null") }
    } catch {
      output.truncate(to: start)
      throw error
    }
  }
}
