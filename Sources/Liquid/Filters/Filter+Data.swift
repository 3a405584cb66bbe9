import Values

extension Filter {
  /// The filters of objects, JSON and types, which Shopify's Liquid does not have.
  static let data: [Filter] = [
    Filter(rawName, arity: 0...0) { _, input, _ in input }.with(.reads).asOwn,
    data("json") { (filters, input) throws(Fault) in .string(try filters.json(input)) },
    data("to_number") { filters, input in .value(filters.number(input)) },
    data("to_integer") { (filters, input) throws(Fault) in .value(try filters.integer(input)) },
    data("to_boolean") { filters, input in .value(filters.boolean(input)) },
    data("parse_json") { (filters, input) throws(Fault) in .value(try filters.parsed(input)) },
    object("keys", arity: 0...0) { _, object, _ in .array(object.keys.map(Value.string)) },
    object("values", arity: 0...0) { _, object, _ in .array(object.values) },
    object("compact_object", arity: 0...0) { filters, object, _ in
      .object(filters.members(of: object) { !$1.isNull })
    },
    object("only", arity: 1...Int.max) { (filters, object, arguments) throws(Fault) in
      let names = Set(try filters.names(arguments))
      return .object(filters.members(of: object) { name, _ in names.contains(name) })
    },
    object("except", arity: 1...Int.max) { (filters, object, arguments) throws(Fault) in
      let names = Set(try filters.names(arguments))
      return .object(filters.members(of: object) { name, _ in !names.contains(name) })
    },
    object("merge", arity: 1...1) { (filters, object, arguments) throws(Fault) in
      .object(try filters.merged(object, arguments[0]))
    },
  ]

  private static func data(
    _ name: String,
    _ result: @escaping @Sendable (DataFilters, Operand) throws(Fault) -> Operand
  ) -> Filter {
    Filter(name, arity: 0...0) { (state, input, _) throws(Fault) in
      try result(DataFilters(limits: state.options.limits), input)
    }.asOwn
  }

  /// A filter of objects, which leaves a missing one missing.
  private static func object(
    _ name: String,
    arity: ClosedRange<Int>,
    result: @escaping @Sendable (DataFilters, Object, Arguments) throws(Fault) -> Value
  ) -> Filter {
    Filter(name, arity: arity) { (state, input, arguments) throws(Fault) in
      if input.isNull { return .null }
      guard case .value(.object(let object)) = input else {
        throw .argument("`\(name)` wants an object")
      }
      let filters = DataFilters(limits: state.options.limits)
      return .value(try result(filters, object, arguments))
    }.asOwn
  }
}
