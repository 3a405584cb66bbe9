import Values

extension Filter {
  /// The filters of arrays.
  static let arrays: [Filter] = [
    Filter("first", arity: 0...0) { state, input, _ in
      ArrayFilters(limits: state.options.limits).end(input, isFirst: true)
    },
    Filter("last", arity: 0...0) { state, input, _ in
      ArrayFilters(limits: state.options.limits).end(input, isFirst: false)
    },
    array("join", arity: 0...1) { (filters, items, arguments) throws(Fault) in
      .string(try filters.join(items, arguments))
    },
    array("reverse", arity: 0...0) { _, items, _ in .value(.array(items.reversed())) },
    array("concat", arity: 1...1) { (filters, items, arguments) throws(Fault) in
      .value(.array(try filters.concatenated(items, arguments[0] ?? .null)))
    },
    array("compact", arity: 0...1) { (filters, items, arguments) throws(Fault) in
      try filters.compact(items, arguments[0] ?? .null)
    },
    array("uniq", arity: 0...1) { (filters, items, arguments) throws(Fault) in
      try filters.unique(items, arguments[0] ?? .null)
    },
    array("map", arity: 1...1) { (filters, items, arguments) throws(Fault) in
      .value(.array(try filters.mapped(items, arguments[0] ?? .null)))
    },
    array("sum", arity: 0...1) { (filters, items, arguments) throws(Fault) in
      .value(try filters.sum(items, arguments[0] ?? .null))
    },
    array("sort", arity: 0...1) { (filters, items, arguments) throws(Fault) in
      try filters.sorted(items, arguments[0] ?? .null, isNatural: false)
    },
    array("sort_natural", arity: 0...1) { (filters, items, arguments) throws(Fault) in
      try filters.sorted(items, arguments[0] ?? .null, isNatural: true)
    },
    selecting("where", .matches),
    selecting("reject", .others),
    selecting("find", .first),
    selecting("find_index", .firstIndex),
    selecting("has", .any),
  ]

  private static func array(
    _ name: String,
    arity: ClosedRange<Int>,
    result: @escaping @Sendable (ArrayFilters, [Value], Arguments) throws(Fault) -> Operand
  ) -> Filter {
    Filter(name, arity: arity) { (state, input, arguments) throws(Fault) in
      let filters = ArrayFilters(limits: state.options.limits)
      return try result(filters, try filters.items(input), arguments)
    }
  }

  private static func selecting(_ name: String, _ selection: ArrayFilters.Selection) -> Filter {
    array(name, arity: 1...2) { (filters, items, arguments) throws(Fault) in
      try filters.select(
        selection,
        items: items,
        property: arguments[0] ?? .null,
        target: arguments[1] ?? .null
      )
    }
  }
}
