import Values

/// The filters of arrays.
struct ArrayFilters {
  let limits: RenderLimits

  /// What a filter of arrays walks: an array without arrays in it, a range, or the value alone.
  func items(_ input: Operand) throws(Fault) -> [Value] {
    guard case .array(let items) = try input.materialized(max: limits.iterations) else {
      guard case .value(let value) = input, !value.isNull else {
        return input.isNull ? [] : [.string(FilterText.text(input))]
      }
      return [value]
    }
    var flat: [Value] = []
    flat.reserveCapacity(items.count)
    flatten(items, into: &flat)
    return flat
  }

  private func flatten(_ items: [Value], into flat: inout [Value]) {
    for item in items {
      if case .array(let inner) = item { flatten(inner, into: &flat) } else { flat.append(item) }
    }
  }

  func end(_ input: Operand, isFirst: Bool) -> Operand {
    switch input {
    case .value(.array(let items)): return .value((isFirst ? items.first : items.last) ?? .null)
    case .value(.object(let object)):
      guard isFirst, !object.isEmpty else { return .null }
      return .value(.array([.string(object[at: 0].key), object[at: 0].value]))
    case .range(let first, let last): return .integer(isFirst ? first : last)
    case .value(.string(let text)): return .string(TextSearch.end(text, isFirst: isFirst))
    case .blank, .empty: return .string("")
    default: return .null
    }
  }

  func join(_ items: [Value], _ arguments: Arguments) throws(Fault) -> String {
    let glue = arguments[0].map(FilterText.text) ?? " "
    let size = items.count.multipliedReportingOverflow(by: glue.utf8.count)
    guard !size.overflow, size.partialValue <= limits.outputBytes + glue.utf8.count else {
      throw Fault(.limit, "`join` makes more than \(limits.outputBytes) bytes")
    }
    var text = ""
    for (index, item) in items.enumerated() {
      if index > 0 { text += glue }
      text += item.text
      guard text.utf8.count <= limits.outputBytes else {
        throw Fault(.limit, "`join` makes more than \(limits.outputBytes) bytes")
      }
    }
    return text
  }

  func concatenated(_ items: [Value], _ other: Operand) throws(Fault) -> [Value] {
    guard case .array(let more) = try other.materialized(max: limits.iterations) else {
      throw .argument("concat filter requires an array argument")
    }
    guard items.count + more.count <= limits.iterations else {
      throw Fault(.limit, "`concat` makes more than \(limits.iterations) items")
    }
    return items + more
  }

  func compact(_ items: [Value], _ property: Operand) throws(Fault) -> Operand {
    var kept: [Value] = []
    for item in items {
      if property.isNull {
        if !item.isNull { kept.append(item) }
        continue
      }
      guard let value = try member(item, property) else { return .null }
      if !value.isNull { kept.append(item) }
    }
    return .value(.array(kept))
  }

  func unique(_ items: [Value], _ property: Operand) throws(Fault) -> Operand {
    // Nothing is compared, so that nobody asks for the property.
    if items.count <= 1 { return .value(.array(items)) }
    var seen: Set<String> = []
    var kept: [Value] = []
    for item in items {
      var key = item
      if !property.isNull {
        guard let value = try member(item, property) else { return .null }
        key = value
      }
      // Kind and content together tell values apart as Ruby's `eql?` does.
      if seen.insert(RubyText.inspected(key, depth: 0)).inserted { kept.append(item) }
    }
    return .value(.array(kept))
  }

  func mapped(_ items: [Value], _ property: Operand) throws(Fault) -> [Value] {
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items { result.append(try member(item, property) ?? .null) }
    return result
  }

  func sum(_ items: [Value], _ property: Operand) throws(Fault) -> Value {
    let arithmetic = Arithmetic(digitsMax: limits.digits)
    var total = Value.integer(0)
    for item in items {
      var value = item
      if !property.isNull { value = try member(item, property) ?? .integer(0) }
      for part in try self.items(.value(value)) {
        total = try arithmetic.sum(
          Numbers.number(.value(total)),
          Numbers.number(.value(part))
        )
      }
    }
    return total
  }

  /// `item[property]`; nil if the item has no such brackets.
  private func member(_ item: Value, _ property: Operand) throws(Fault) -> Value? {
    switch item {
    case .object(let object):
      guard case .value(.string(let name)) = property else { return .null }
      return object[name] ?? .null
    case .string(let text):
      switch property {
      case .value(.string(let name)):
        let found = TextSearch.find(Array(name.utf8), in: Array(text.utf8), from: 0)
        return found == nil ? .null : .string(name)
      default:
        guard let index = index(property) else { throw propertyFault(property) }
        let scalars = Array(text.unicodeScalars)
        let position = index < 0 ? scalars.count + index : index
        return scalars.indices.contains(position) ? .string(String(scalars[position])) : .null
      }
    case .integer(let number):
      // As Ruby has it, a number's element is a bit.
      guard let bit = index(property) else { throw propertyFault(property) }
      return .integer(bit < 0 ? 0 : number >> min(bit, 63) & 1)
    case .bigInteger: throw propertyFault(property)
    case .null, .bool, .float, .decimal, .array: return nil
    }
  }

  /// Whether Ruby knows `item[property]`, whatever it gives.
  private func hasBrackets(_ item: Value) -> Bool {
    switch item {
    case .object, .string, .integer, .bigInteger, .array: true
    case .null, .bool, .float, .decimal: false
    }
  }

  /// A number as Ruby takes it between brackets, without its fraction.
  private func index(_ property: Operand) -> Int? {
    switch property {
    case .value(.integer(let index)): index
    case .value(.float), .value(.decimal): Numbers.truncated(property)
    default: nil
    }
  }

  private func propertyFault(_ property: Operand) -> Fault {
    .argument("cannot select the property '\(FilterText.text(property))'")
  }

  /// What ``select(_:_:_:_:)`` is to find.
  enum Selection: Sendable {
    case matches
    case others
    case first
    case firstIndex
    case any
  }

  /// The items whose `property` is `target`, or true if no target is given.
  func select(
    _ selection: Selection,
    items: [Value],
    property: Operand,
    target: Operand
  ) throws(Fault) -> Operand {
    var kept: [Value] = []
    for (index, item) in items.enumerated() {
      guard let value = try member(item, property) else { return .null }
      let isMatch =
        target.isNull ? Operand.value(value).isTrue : Comparing.equal(.value(value), target)
      switch selection {
      case .matches: if isMatch { kept.append(item) }
      case .others: if !isMatch { kept.append(item) }
      case .first: if isMatch { return .value(item) }
      case .firstIndex: if isMatch { return .integer(index) }
      case .any: if isMatch { return .bool(true) }
      }
    }
    switch selection {
    case .matches, .others: return .value(.array(kept))
    case .any: return .bool(false)
    case .first, .firstIndex: return .null
    }
  }

  func sorted(
    _ items: [Value],
    _ property: Operand,
    isNatural: Bool
  ) throws(Fault) -> Operand {
    if !property.isNull, !items.allSatisfy(hasBrackets) { return .null }
    // Nothing is compared, so that nobody asks for the property.
    if items.count <= 1 { return .value(.array(items)) }
    var keyed: [(key: Value, text: String, item: Value)] = []
    for item in items {
      var key = item
      if !property.isNull {
        guard let value = try member(item, property) else { return .null }
        key = value
      }
      keyed.append((key, isNatural ? key.text.lowercased() : "", item))
    }
    var fault: Fault?
    keyed.sort { left, right in
      if left.key.isNull || right.key.isNull { return !left.key.isNull && right.key.isNull }
      if isNatural { return left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }
      guard let order = Comparing.sortingOrder(left.key, right.key) else {
        fault = .argument("comparison of \(left.key.kind) with \(right.key.kind) failed")
        return false
      }
      return order == .ascending
    }
    if let fault { throw fault }
    return .value(.array(keyed.map(\.item)))
  }
}
