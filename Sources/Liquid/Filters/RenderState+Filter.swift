import Values

/// What a filter is called with besides its input.
struct Arguments {
  var positional: [Operand]
  var keywords: Object?

  subscript(_ position: Int) -> Operand? {
    position < positional.count ? positional[position] : nil
  }

  /// The argument at `position` as text; nothing where it is missing.
  func text(_ position: Int) -> String {
    guard let operand = self[position] else { return "" }
    return FilterText.text(operand)
  }
}

/// The text that a filter takes a value for.
enum FilterText {
  static func text(_ operand: Operand) -> String {
    switch operand {
    case .value(.array(let items)): RubyText.inspected(.array(items), depth: 0)
    case .value(let value): value.text
    case .range(let first, let last): "\(first)..\(last)"
    case .blank, .empty: ""
    case .loop: "Liquid::ForloopDrop"
    case .scope: "Liquid::SelfDrop"
    case .fragment(let fragment): fragment.text
    }
  }
}

extension RenderState {
  /// Calls a filter.
  mutating func filter<Data: TemplateData>(
    _ entry: FilterEntry,
    program: Program,
    data: Data
  ) throws(Fault) -> Operand {
    let input = try evaluate(entry.input, program: program, data: data)
    filterCalls &+= 1
    if filterCalls & 63 == 0 { try checkTime() }
    var arguments = Arguments(positional: [], keywords: nil)
    if !entry.arguments.isEmpty {
      arguments.positional.reserveCapacity(entry.arguments.count + 1)
      for argument in entry.arguments {
        arguments.positional.append(try evaluate(argument, program: program, data: data))
      }
    }
    if !entry.keywords.isEmpty {
      var keywords = Object()
      for keyword in entry.keywords {
        keywords[keyword.name] = try evaluate(keyword.node, program: program, data: data)
          .materialized(max: options.limits.iterations)
      }
      arguments.keywords = keywords
      arguments.positional.append(.value(.object(keywords)))
    }
    guard entry.filter.arity.contains(arguments.positional.count) else {
      throw .argument(entry.filter.arityMessage(given: arguments.positional.count))
    }
    let result = try applyToFragments(entry.filter, input: input, arguments: arguments)
    if case .value(.string(let text)) = result, text.utf8.count > options.limits.outputBytes {
      throw Fault(.limit, "`\(entry.name)` makes more than \(options.limits.outputBytes) bytes")
    }
    return result
  }

  /// Keeps fragments through the filters that may; everything else takes them for text.
  private mutating func applyToFragments(
    _ filter: Filter,
    input: Operand,
    arguments: Arguments
  ) throws(Fault) -> Operand {
    guard input.isFragment || arguments.positional.contains(where: \.isFragment) else {
      return try filter.apply(&self, input, arguments)
    }
    if filter.effect == .chooses { return try filter.apply(&self, input, arguments) }
    var plain = arguments
    for index in plain.positional.indices {
      plain.positional[index] = plain.positional[index].plain
    }
    let result = try filter.apply(&self, input.plain, plain)
    guard case .fragment(let fragment) = input, case .value(.string(let text)) = result else {
      return result
    }
    var isConstant = fragment.isConstant
    switch filter.effect {
    case .keeps: break
    case .joins:
      guard case .fragment(let other)? = arguments[0] else { return result }
      isConstant = isConstant && other.isConstant
    case .removes:
      guard case .fragment(let other)? = arguments[0], other.isConstant else { return result }
    case .chooses, .reads, .flattens: return result
    }
    return .fragment(Fragment(text: text, isConstant: isConstant))
  }
}
