import Values

extension LaxMarkup {
  /// What the markup `range` amounts to, whatever it is.
  static func expression(
    _ source: SourceText,
    _ range: Range<Int>,
    depth: Int = 0
  ) -> Expression {
    let range = source.trimmed(range)
    let text = source.string(range)
    guard let first = text.utf8.first, let last = text.utf8.last, depth < 100 else { return .null }
    if first == last, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      guard range.count > 1 else { return .literal(.string("")) }
      return .literal(.string(source.string(range.lowerBound + 1..<range.upperBound - 1)))
    }
    if let literal = Literal.word(text) { return literal }
    if first == UInt8(ascii: "("), last == UInt8(ascii: ")"),
      let range = rangeExpression(source, range: range, depth: depth)
    {
      return range
    }
    if let number = number(text) { return number }
    return lookup(source, range: range, depth: depth)
  }

  /// `( first .. last )`, where neither side has white space in it.
  private static func rangeExpression(
    _ source: SourceText,
    range: Range<Int>,
    depth: Int
  ) -> Expression? {
    let inner = source.trimmed(range.lowerBound + 1..<range.upperBound - 1)
    var dots: Int?
    // The first side is as long as it can be without white space.
    var firstEnd = inner.lowerBound
    while firstEnd < inner.upperBound, !source.bytes[firstEnd].isSpace { firstEnd += 1 }
    var after = firstEnd
    while after < inner.upperBound, source.bytes[after].isSpace { after += 1 }
    if after + 1 < inner.upperBound, source.bytes[after] == UInt8(ascii: "."),
      source.bytes[after + 1] == UInt8(ascii: ".")
    {
      dots = after
    } else {
      var scan = firstEnd - 2
      while scan > inner.lowerBound {
        if source.bytes[scan] == UInt8(ascii: "."), source.bytes[scan + 1] == UInt8(ascii: ".") {
          dots = scan
          break
        }
        scan -= 1
      }
    }
    guard let dots else { return nil }
    let last = source.trimmed(dots + 2..<inner.upperBound)
    guard !last.isEmpty, !source.bytes[last].contains(where: \.isSpace) else { return nil }
    return .range(
      expression(source, inner.lowerBound..<dots, depth: depth + 1),
      expression(source, last, depth: depth + 1)
    )
  }

  /// Digits and points; behind the second point nothing counts.
  private static func number(_ text: String) -> Expression? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, first.isDigit || first == 0x2D || first == 0x2E else {
      return nil
    }
    guard bytes.dropFirst().allSatisfy({ $0.isDigit || $0 == 0x2E }), text != "-", text != "."
    else {
      return nil
    }
    let points = bytes.indices.filter { bytes[$0] == 0x2E }
    guard let point = points.first else {
      return BigInteger(text).map { .literal(.value(Value.integer($0))) }
    }
    let end = points.count > 1 ? points[1] : bytes.count
    var digits = String(decoding: bytes[..<end], as: UTF8.self)
    if point + 1 == end { digits += "0" }
    if digits.hasPrefix(".") { digits = "0" + digits }
    if digits.hasPrefix("-.") { digits = "-0" + digits.dropFirst() }
    return .literal(.value(.float(Double(digits) ?? 0)))
  }

  /// Every name and every bracket in the markup, whatever stands between them.
  private static func lookup(
    _ source: SourceText,
    range: Range<Int>,
    depth: Int
  ) -> Expression {
    var parts: [Lookup.Segment] = []
    var position = range.lowerBound
    while position < range.upperBound {
      if source.bytes[position] == UInt8(ascii: "["),
        let end = bracketEnd(source, position..<range.upperBound)
      {
        parts.append(
          .index(expression(source, position + 1..<end - 1, depth: depth + 1))
        )
        position = end
      } else if source.bytes[position].isNamePart {
        var end = position
        while end < range.upperBound, source.bytes[end].isNamePart { end += 1 }
        if end < range.upperBound, source.bytes[end] == UInt8(ascii: "?") { end += 1 }
        parts.append(.member(source.string(position..<end)))
        position = end
      } else {
        position += 1
      }
    }
    guard let first = parts.first else { return .null }
    let name: Lookup.Name =
      switch first {
      case .member(let name): .plain(name)
      case .index(let inner): .computed(inner)
      }
    return .lookup(
      Lookup(name: name, segments: Array(parts.dropFirst()), offset: range.lowerBound)
    )
  }

  private static func bracketEnd(_ source: SourceText, _ range: Range<Int>) -> Int? {
    var open = 0
    for position in range {
      if source.bytes[position] == UInt8(ascii: "[") { open += 1 }
      if source.bytes[position] == UInt8(ascii: "]") {
        open -= 1
        if open == 0 { return position + 1 }
      }
    }
    return nil
  }

  /// A value and its filters, as far as they can be made out.
  mutating func filtered() -> FilteredExpression {
    guard let base = takeFragment() else {
      return FilteredExpression(base: .null, offset: range.lowerBound)
    }
    var result = FilteredExpression(
      base: LaxMarkup.expression(source, base),
      offset: base.lowerBound
    )
    guard let pipe = source.bytes[range].firstIndex(of: UInt8(ascii: "|")) else { return result }
    advance(to: pipe + 1)
    while !range.isEmpty {
      guard let part = takeFilterMarkup() else {
        advance(to: range.lowerBound + 1)
        continue
      }
      if let call = LaxMarkup(source, part).filterCall() { result.filters.append(call) }
    }
    return result
  }

  /// The run of fragments, commas and white space that begins here.
  private mutating func takeFilterMarkup() -> Range<Int>? {
    let start = range.lowerBound
    while !range.isEmpty {
      if byteHere.isSpace || byteHere == UInt8(ascii: ",") {
        advance(to: range.lowerBound + 1)
      } else if takeFragmentHere() == nil {
        break
      }
    }
    return range.lowerBound > start ? start..<range.lowerBound : nil
  }

  private var byteHere: UInt8 { source.bytes[range.lowerBound] }

  private func filterCall() -> FilterCall? {
    var scan = self
    while !scan.range.isEmpty, !scan.byteHere.isWord { scan.advance(to: scan.range.lowerBound + 1) }
    guard let name = scan.takeRun({ $0.isWord }) else { return nil }
    var call = FilterCall(name: source.string(name), offset: name.lowerBound)
    scan = self
    while !scan.range.isEmpty {
      guard scan.byteHere == UInt8(ascii: ":") || scan.byteHere == UInt8(ascii: ",") else {
        scan.advance(to: scan.range.lowerBound + 1)
        continue
      }
      scan.advance(to: scan.range.lowerBound + 1)
      scan.takeArgument(into: &call)
    }
    return call
  }

  private mutating func takeArgument(into call: inout FilterCall) {
    var attempt = self
    attempt.skipSpace()
    var keyed = attempt
    if let key = keyed.takeRun({ $0.isWord }) {
      keyed.skipSpace()
      if keyed.take(":") {
        keyed.skipSpace()
        if let value = keyed.takeFragmentHere() {
          call.keywords.append(
            (source.string(key), LaxMarkup.expression(source, value))
          )
          self = keyed
          return
        }
      }
    }
    guard let value = attempt.takeFragmentHere() else { return }
    call.arguments.append(LaxMarkup.expression(source, value))
    self = attempt
  }
}
