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
    _ program: Program,
    _ data: Data
  ) throws(Fault) -> Operand {
    let input = try evaluate(entry.input, program, data)
    filterCalls &+= 1
    if filterCalls & 63 == 0 { try checkTime() }
    var arguments = Arguments(positional: [], keywords: nil)
    if !entry.arguments.isEmpty {
      arguments.positional.reserveCapacity(entry.arguments.count + 1)
      for argument in entry.arguments {
        arguments.positional.append(try evaluate(argument, program, data))
      }
    }
    if !entry.keywords.isEmpty {
      var keywords = Object()
      for keyword in entry.keywords {
        keywords[keyword.name] = try evaluate(keyword.node, program, data)
          .materialized(max: options.limits.iterations)
      }
      arguments.keywords = keywords
      arguments.positional.append(.value(.object(keywords)))
    }
    guard entry.filter.arity.contains(arguments.positional.count) else {
      throw .argument(Filter.arityMessage(entry.filter, given: arguments.positional.count))
    }
    let result = try applyToFragments(entry.filter, input, arguments)
    if case .value(.string(let text)) = result, text.utf8.count > options.limits.outputBytes {
      throw Fault(.limit, "`\(entry.name)` makes more than \(options.limits.outputBytes) bytes")
    }
    return result
  }

  /// Keeps fragments through the filters that may; everything else takes them for text.
  private mutating func applyToFragments(
    _ filter: Filter,
    _ input: Operand,
    _ arguments: Arguments
  ) throws(Fault) -> Operand {
    guard input.isFragment || arguments.positional.contains(where: \.isFragment) else {
      return try apply(filter, input, arguments)
    }
    if filter == .default { return try apply(filter, input, arguments) }
    var plain = arguments
    for index in plain.positional.indices {
      plain.positional[index] = plain.positional[index].plain
    }
    let result = try apply(filter, input.plain, plain)
    guard case .fragment(let fragment) = input, case .value(.string(let text)) = result else {
      return result
    }
    var isConstant = fragment.isConstant
    switch filter.effectOnFragments {
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

  private mutating func apply(
    _ filter: Filter,
    _ input: Operand,
    _ arguments: Arguments
  ) throws(Fault) -> Operand {
    switch filter {
    case .abs, .atLeast, .atMost, .ceil, .dividedBy, .floor, .minus, .modulo, .plus, .round,
      .times:
      return .value(
        try Arithmetic(digitsMax: options.limits.digits).apply(filter, input, arguments)
      )
    case .append, .capitalize, .downcase, .escape, .h, .escapeOnce, .lstrip, .newlineToBr,
      .prepend, .remove, .removeFirst, .removeLast, .replace, .replaceFirst, .replaceLast,
      .rstrip, .split, .squish, .strip, .stripHTML, .stripNewlines, .truncate, .truncatewords,
      .upcase:
      return try TextFilters(bytesMax: options.limits.outputBytes).apply(filter, input, arguments)
    case .base64Decode, .base64Encode, .base64URLSafeDecode, .base64URLSafeEncode, .urlDecode,
      .urlEncode, .sha1, .sha256, .md5, .hmacSHA1, .hmacSHA256, .uuidV5:
      return try EncodingFilters.apply(filter, input, arguments)
    case .compact, .concat, .find, .findIndex, .first, .has, .join, .last, .map, .reject,
      .reverse, .sort, .sortNatural, .sum, .uniq, .where:
      return try ArrayFilters(limits: options.limits).apply(filter, input, arguments)
    case .size, .slice, .default: return try general(filter, input, arguments)
    case .date: return try DateFilter(clock: clock).apply(input, arguments.text(0))
    case .json, .raw, .toNumber, .toInteger, .toBoolean, .parseJSON, .compactObject, .only,
      .except, .keys, .values, .merge:
      return try DataFilters(limits: options.limits).apply(filter, input, arguments)
    }
  }

  /// Filters of text and arrays alike.
  private mutating func general(
    _ filter: Filter,
    _ input: Operand,
    _ arguments: Arguments
  ) throws(Fault) -> Operand {
    switch filter {
    case .size: return .integer(size(input))
    case .default:
      let allowsFalse =
        if case .value(.bool(let flag))? = arguments.keywords?["allow_false"].map(Operand.value) {
          flag
        } else { false }
      let isMissing = allowsFalse ? input.isNull : !input.isTrue
      guard isMissing || isEmpty(input) else { return input }
      let positional = arguments.positional.count - (arguments.keywords == nil ? 0 : 1)
      return positional > 0 ? arguments.positional[0] : .string("")
    default: return try slice(input, arguments)
    }
  }

  private mutating func isEmpty(_ operand: Operand) -> Bool {
    switch operand {
    case .value(.string(let text)): text.isEmpty
    case .value(.array(let items)): items.isEmpty
    case .value(.object(let object)): object.isEmpty
    case .fragment(let fragment): fragment.text.isEmpty
    case .blank, .empty: true
    default: false
    }
  }

  private mutating func size(_ operand: Operand) -> Int {
    switch operand {
    case .value(.string(let text)): text.unicodeScalars.count
    case .value(.array(let items)): items.count
    case .value(.object(let object)): object.count
    case .value(.integer): 8
    case .range(let first, let last): RangeSpan.count(first, last)
    default: 0
    }
  }

  private mutating func slice(_ input: Operand, _ arguments: Arguments) throws(Fault) -> Operand {
    let offset = try Numbers.integer(arguments[0] ?? .null)
    var length = 1
    if let given = arguments[1], !given.isNull { length = try Numbers.integer(given) }
    if case .value(.array(let items)) = input {
      guard let range = cut(items.count, offset, length) else { return .value(.array([])) }
      return .value(.array(Array(items[range])))
    }
    let scalars = Array(FilterText.text(input).unicodeScalars)
    guard let range = cut(scalars.count, offset, length) else { return .string("") }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return .string(String(view))
  }

  private mutating func cut(_ count: Int, _ offset: Int, _ length: Int) -> Range<Int>? {
    let start = offset < 0 ? count + max(offset, -count - 1) : offset
    guard start >= 0, start <= count, length >= 0 else { return nil }
    return start..<(start + min(length, count - start))
  }
}

extension FilterEntry {
  /// What the filter does, where it changes the case of letters and nothing else.
  var caseChange: CaseChange? {
    guard isPlain else { return nil }
    return switch filter {
    case .upcase: .capitals
    case .downcase: .small
    case .capitalize: .firstCapital
    default: nil
    }
  }
}
