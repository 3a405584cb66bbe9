/// Reads the few ways to write a ``RowKey`` as a template or an expression.
///
/// Knows neither Liquid nor JMESPath: whatever else they can do is not such a key.
enum RowKeyText {
  /// Constants around `{{ row.NAME }}`, or around `{{ row.NAME | json }}` as members of JSON.
  static func template(_ text: String) -> (form: RowKey.Form, pieces: [RowKey.Piece])? {
    if text.contains("{%") { return nil }
    var pieces: [RowKey.Piece] = []
    var filtered = 0
    var rest = text[...]
    while let open = find("{{", in: rest) {
      if open.lowerBound > rest.startIndex {
        pieces.append(.constant(String(rest[..<open.lowerBound])))
      }
      guard let close = find("}}", in: rest[open.upperBound...]) else { return nil }
      var inside = trimmed(rest[open.upperBound..<close.lowerBound])
      // White space around it may go: what is left of the constants is not known.
      if inside.hasPrefix("-") || inside.hasSuffix("-") { return nil }
      if let bar = inside.firstIndex(of: "|") {
        guard trimmed(inside[inside.index(after: bar)...]) == "json" else { return nil }
        filtered += 1
        inside = trimmed(inside[..<bar])
      }
      guard let column = column(String(inside), of: "row") else { return nil }
      pieces.append(.column(column))
      rest = rest[close.upperBound...]
    }
    if !rest.isEmpty { pieces.append(.constant(String(rest))) }
    let columns = pieces.count { if case .column = $0 { true } else { false } }
    if filtered == 0 { return (.text, pieces) }
    return filtered == columns && isJSON(pieces) ? (.json, pieces) : nil
  }

  /// `[data.a, data.b]` or `{a: data.a, b: data.b}`.
  static func expression(_ text: String) -> [RowKey.Piece]? {
    let text = trimmed(text[...])
    guard let first = text.first, let last = text.last else { return nil }
    let isObject = first == "{" && last == "}"
    guard isObject || (first == "[" && last == "]") else { return nil }
    var pieces: [RowKey.Piece] = []
    var names: Set<String> = []
    for item in text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    {
      var value = trimmed(item)
      if isObject {
        guard let colon = value.firstIndex(of: ":") else { return nil }
        // One member would replace another of the same name.
        guard names.insert(String(trimmed(value[..<colon]))).inserted else { return nil }
        value = trimmed(value[value.index(after: colon)...])
      }
      guard let column = column(String(value), of: "data") else { return nil }
      pieces.append(.column(column))
    }
    return pieces
  }

  /// The name behind `root.`; nil if it is anything but a plain name.
  static func column(_ path: String, of root: String) -> String? {
    guard path.hasPrefix(root + ".") else { return nil }
    let name = path.dropFirst(root.count + 1)
    let isPlain = name.unicodeScalars.allSatisfy {
      $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
    }
    return isPlain && !name.isEmpty ? String(name) : nil
  }

  /// Whether each column is a member of its own: a bracket, comma or colon before it, and a comma or
  /// bracket after it.
  private static func isJSON(_ pieces: [RowKey.Piece]) -> Bool {
    pieces.indices.allSatisfy { index in
      guard case .column = pieces[index] else { return true }
      guard index > 0, index + 1 < pieces.count, case .constant(let before) = pieces[index - 1],
        case .constant(let after) = pieces[index + 1]
      else { return false }
      let isBegun = trimmed(before[...]).last.map { "[,:".contains($0) } ?? false
      let isEnded = trimmed(after[...]).first.map { ",]}".contains($0) } ?? false
      return isBegun && isEnded
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start.prefix(0) }
    return start[...last]
  }

  private static func find(_ mark: String, in text: Substring) -> Range<Substring.Index>? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix(mark) {
        return index..<text.index(index, offsetBy: mark.count)
      }
      index = text.index(after: index)
    }
    return nil
  }
}
