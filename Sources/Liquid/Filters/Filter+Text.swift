import Values

extension Filter {
  /// The filters of text.
  static let text: [Filter] = [
    text("append", arity: 1...1) { _, text, arguments in text + arguments.text(0) }.with(.joins),
    text("prepend", arity: 1...1) { _, text, arguments in arguments.text(0) + text }.with(.joins),
    text("capitalize") { _, text, _ in TextFilters.capitalized(text) }.changing(.firstCapital),
    text("downcase") { _, text, _ in text.lowercased() }.changing(.small),
    text("upcase") { _, text, _ in text.uppercased() }.changing(.capitals),
    present("escape") { (filters, text, _) throws(Fault) in
      try HTMLText.escaped(text, filters.bytesMax)
    },
    present("h") { (filters, text, _) throws(Fault) in
      try HTMLText.escaped(text, filters.bytesMax)
    },
    text("escape_once") { _, text, _ in HTMLText.escapedOnce(text) },
    text("strip_html") { _, text, _ in HTMLText.stripped(text) },
    text("strip") { _, text, _ in text.trimmedSpace }.with(.keeps),
    text("lstrip") { _, text, _ in
      String(decoding: text.utf8.drop(while: \.isStripped), as: UTF8.self)
    }.with(.keeps),
    text("rstrip") { filters, text, _ in filters.trimmedEnd(text) }.with(.keeps),
    present("squish") { filters, text, _ in filters.squished(text) },
    text("newline_to_br") { (filters, text, _) throws(Fault) in
      try filters.lines(text, breaks: "<br />\n")
    },
    text("strip_newlines") { (filters, text, _) throws(Fault) in
      try filters.lines(text, breaks: "")
    }.with(.keeps),
    present("truncate", arity: 0...2) { (filters, text, arguments) throws(Fault) in
      try filters.truncated(text, arguments)
    },
    present("truncatewords", arity: 0...2) { (filters, text, arguments) throws(Fault) in
      try filters.words(text, arguments)
    },
    Filter("split", arity: 1...1) { state, input, arguments in
      let filters = TextFilters(bytesMax: state.options.limits.outputBytes)
      return .value(.array(filters.split(FilterText.text(input), arguments.text(0))))
    }.with(.reads),
    text("replace", arity: 1...2) { (filters, text, arguments) throws(Fault) in
      try filters.replaced(text, arguments)
    },
    text("replace_first", arity: 1...2) { filters, text, arguments in
      filters.replacedOnce(text, arguments, isLast: false)
    },
    text("replace_last", arity: 2...2) { filters, text, arguments in
      filters.replacedOnce(text, arguments, isLast: true)
    },
    text("remove", arity: 1...1) { (filters, text, arguments) throws(Fault) in
      try filters.replaced(text, arguments)
    }.with(.removes),
    text("remove_first", arity: 1...1) { filters, text, arguments in
      filters.replacedOnce(text, arguments, isLast: false)
    }.with(.removes),
    text("remove_last", arity: 1...1) { filters, text, arguments in
      filters.replacedOnce(text, arguments, isLast: true)
    }.with(.removes),
  ]

  private typealias TextResult =
    @Sendable (
      TextFilters,
      String,
      Arguments
    ) throws(Fault) -> String

  private static func text(
    _ name: String,
    arity: ClosedRange<Int> = 0...0,
    result: @escaping TextResult
  ) -> Filter {
    Filter(name, arity: arity) { (state, input, arguments) throws(Fault) in
      let filters = TextFilters(bytesMax: state.options.limits.outputBytes)
      return .string(try result(filters, FilterText.text(input), arguments))
    }
  }

  /// A filter of text that leaves a missing value missing.
  private static func present(
    _ name: String,
    arity: ClosedRange<Int> = 0...0,
    result: @escaping TextResult
  ) -> Filter {
    let filter = text(name, arity: arity, result: result)
    return Filter(name, arity: arity) { (state, input, arguments) throws(Fault) in
      if input.isNull { return .null }
      return try filter.apply(&state, input, arguments)
    }
  }
}
