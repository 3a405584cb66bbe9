import Values

/// What an expression amounts to while a template is rendered.
enum Operand: Sendable {
  case value(Value)
  /// A range of integers, walked without being written out.
  case range(Int, Int)
  /// The word `blank` in a condition.
  case blank
  /// The word `empty` in a condition.
  case empty
  /// A loop's variable `forloop` or `tablerowloop`: its place in the stack, and its serial number.
  case loop(Int, Int)
  /// The variable `self`: all variables by name, of so many renderings around.
  case scope(Int)
  /// A piece of JSON that the template has written.
  case fragment(Fragment)

  static let null = Operand.value(.null)

  static func string(_ text: String) -> Operand { .value(.string(text)) }

  static func bool(_ flag: Bool) -> Operand { .value(.bool(flag)) }

  static func integer(_ number: Int) -> Operand { .value(.integer(number)) }

  /// Everything but nil and false.
  @inline(__always) var isTrue: Bool {
    switch self {
    case .value(.null): false
    case .value(.bool(let flag)): flag
    default: true
    }
  }

  var isNull: Bool {
    if case .value(.null) = self { return true }
    return false
  }

  /// The same as anything but a writer of JSON sees it: a fragment is its text.
  @inline(__always) var plain: Operand {
    if case .fragment(let fragment) = self { return .string(fragment.text) }
    return self
  }

  @inline(__always) var isFragment: Bool {
    if case .fragment = self { return true }
    return false
  }

  /// The value that can be kept, passed on and written as JSON; a range becomes an array.
  func materialized(max: Int) throws(Fault) -> Value {
    switch self {
    case .value(let value): return value
    case .range(let first, let last):
      guard last >= first else { return .array([]) }
      let (span, overflow) = last.subtractingReportingOverflow(first)
      guard !overflow, span < max else { throw Fault(.limit, "a range is too long to write out") }
      return .array((first...last).map(Value.integer))
    case .blank, .empty: return .string("")
    case .loop, .scope: return .null
    case .fragment(let fragment): return .string(fragment.text)
    }
  }
}
