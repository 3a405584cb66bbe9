import Values

extension Filter {
  /// The filters of text and arrays alike, and `date`.
  static let general: [Filter] = [
    Filter("size", arity: 0...0) { _, input, _ in .integer(size(input)) }.with(.reads),
    Filter("slice", arity: 1...2) { (_, input, arguments) throws(Fault) in
      try slice(input, arguments)
    },
    Filter("default", arity: 0...2) { _, input, arguments in
      replacement(of: input, arguments)
    }.with(.chooses),
    Filter("date", arity: 1...1) { (state, input, arguments) throws(Fault) in
      try DateFilter(clock: state.clock).apply(input, arguments.text(0))
    },
  ]

  private static func replacement(of input: Operand, _ arguments: Arguments) -> Operand {
    let allowsFalse =
      if case .value(.bool(let flag))? = arguments.keywords?["allow_false"].map(Operand.value) {
        flag
      } else { false }
    let isMissing = allowsFalse ? input.isNull : !input.isTrue
    guard isMissing || isEmpty(input) else { return input }
    let positional = arguments.positional.count - (arguments.keywords == nil ? 0 : 1)
    return positional > 0 ? arguments.positional[0] : .string("")
  }

  private static func isEmpty(_ operand: Operand) -> Bool {
    switch operand {
    case .value(.string(let text)): text.isEmpty
    case .value(.array(let items)): items.isEmpty
    case .value(.object(let object)): object.isEmpty
    case .fragment(let fragment): fragment.text.isEmpty
    case .blank, .empty: true
    default: false
    }
  }

  private static func size(_ operand: Operand) -> Int {
    switch operand {
    case .value(.string(let text)): text.unicodeScalars.count
    case .value(.array(let items)): items.count
    case .value(.object(let object)): object.count
    case .value(.integer): 8
    case .range(let first, let last): RangeSpan.count(first, last)
    default: 0
    }
  }

  private static func slice(_ input: Operand, _ arguments: Arguments) throws(Fault) -> Operand {
    let offset = try Numbers.integer(arguments[0] ?? .null)
    var length = 1
    if let given = arguments[1], !given.isNull { length = try Numbers.integer(given) }
    if case .value(.array(let items)) = input {
      guard let range = cut(items.count, offset: offset, length: length) else {
        return .value(.array([]))
      }
      return .value(.array(Array(items[range])))
    }
    let scalars = Array(FilterText.text(input).unicodeScalars)
    guard let range = cut(scalars.count, offset: offset, length: length) else { return .string("") }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return .string(String(view))
  }

  private static func cut(_ count: Int, offset: Int, length: Int) -> Range<Int>? {
    let start = offset < 0 ? count + max(offset, -count - 1) : offset
    guard start >= 0, start <= count, length >= 0 else { return nil }
    return start..<(start + min(length, count - start))
  }
}
