import Values

extension Filter {
  /// The filters that calculate.
  static let arithmetic: [Filter] = [
    number("abs") { (arithmetic, number) throws(Fault) in try arithmetic.absolute(number) },
    number("ceil") { (arithmetic, number) throws(Fault) in
      try arithmetic.rounded(number, digits: 0, .up)
    },
    number("floor") { (arithmetic, number) throws(Fault) in
      try arithmetic.rounded(number, digits: 0, .down)
    },
    Filter("round", arity: 0...1) { (state, input, arguments) throws(Fault) in
      let arithmetic = Arithmetic(digitsMax: state.options.limits.digits)
      return .value(try arithmetic.round(Numbers.number(input), arguments[0]))
    },
    numbers("at_least") { _, left, right in
      Value.compareNumbers(right, left) == .descending ? right : left
    },
    numbers("at_most") { _, left, right in
      Value.compareNumbers(right, left) == .ascending ? right : left
    },
    numbers("plus") { (arithmetic, left, right) throws(Fault) in try arithmetic.sum(left, right) },
    numbers("minus") { (arithmetic, left, right) throws(Fault) in
      try arithmetic.difference(left, right)
    },
    numbers("times") { (arithmetic, left, right) throws(Fault) in
      try arithmetic.product(left, right)
    },
    numbers("divided_by") { (arithmetic, left, right) throws(Fault) in
      try arithmetic.quotient(left, right)
    },
    numbers("modulo") { (arithmetic, left, right) throws(Fault) in
      try arithmetic.remainder(left, right)
    },
  ]

  private static func number(
    _ name: String,
    _ result: @escaping @Sendable (Arithmetic, Value) throws(Fault) -> Value
  ) -> Filter {
    Filter(name, arity: 0...0) { (state, input, _) throws(Fault) in
      let arithmetic = Arithmetic(digitsMax: state.options.limits.digits)
      return .value(try result(arithmetic, Numbers.number(input)))
    }
  }

  private static func numbers(
    _ name: String,
    _ result: @escaping @Sendable (Arithmetic, Value, Value) throws(Fault) -> Value
  ) -> Filter {
    Filter(name, arity: 1...1) { (state, input, arguments) throws(Fault) in
      let arithmetic = Arithmetic(digitsMax: state.options.limits.digits)
      let right = Numbers.number(arguments[0] ?? .null)
      return .value(try result(arithmetic, Numbers.number(input), right))
    }
  }
}
