import Settings

/// Finds the YAML in the comments at the start of a model.
///
/// It stands between two lines `-- ---`, each of its own lines behind `--`. Before it only empty
/// lines and other comments of one line may stand.
struct FrontMatter {
  private static let fence = "-- ---"
  static let example = """
    begin the file with three lines: '-- ---', '-- primary_key: id', '-- ---'
    """

  let source: SourceText

  /// A text as long as the file with nothing but the YAML in it, at its own place; nil after an
  /// error.
  func yaml() -> [Unicode.Scalar]? {
    guard let opening = opening() else { return nil }
    guard let closing = (opening + 1..<source.lineCount + 1).first(where: isFence) else {
      source.error(
        at: source.line(opening),
        "the front matter does not end",
        hint: "end it with '-- ---'",
        kind: .wrongModel
      )
      return nil
    }
    var text = source.scalars.map { isBreak($0) ? $0 : " " }
    for number in opening + 1..<closing {
      guard let content = content(of: number) else {
        source.error(
          at: source.line(number),
          "a line of the front matter must begin with '--'",
          kind: .wrongModel
        )
        return nil
      }
      text.replaceSubrange(content, with: source.scalars[content])
    }
    return text
  }

  private func opening() -> Int? {
    var number = 1
    while number <= source.lineCount {
      if isFence(number) { return number }
      let line = trimmed(number)
      guard line.isEmpty || content(of: number) != nil else { break }
      number += 1
    }
    source.error(
      at: source.line(1),
      "the model has no front matter, so its primary key is unknown",
      hint: Self.example,
      kind: .wrongModel
    )
    return nil
  }

  private func isFence(_ number: Int) -> Bool {
    source.scalars[trimmed(number)].elementsEqual(Self.fence.unicodeScalars)
  }

  /// What stands behind the `--` of a line; empty for an empty line, nil for any other.
  private func content(of number: Int) -> Range<Int>? {
    let line = trimmed(number)
    if line.isEmpty { return line }
    guard source.scalars[line].starts(with: "--".unicodeScalars) else { return nil }
    return line.lowerBound + 2..<line.upperBound
  }

  private func trimmed(_ number: Int) -> Range<Int> {
    let line = source.line(number)
    var start = line.lowerBound
    var end = line.upperBound
    while start < end, isSpace(source.scalars[start]) { start += 1 }
    while end > start, isSpace(source.scalars[end - 1]) { end -= 1 }
    return start..<end
  }

  private func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

  private func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
}
