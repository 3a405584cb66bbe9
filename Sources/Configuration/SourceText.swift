import Settings

/// A file's text, and where in it things are.
///
/// Positions are indexes of Unicode scalars, as libyaml counts them; a byte order mark at the start
/// is not part of the text. Lines end at LF, CRLF or CR.
final class SourceText {
  /// Path as it is shown.
  let path: String
  let scalars: [Unicode.Scalar]
  let report: DiagnosticReport
  private let lineStarts: [Int]
  private var masks: [Range<Int>] = []
  /// What was guessed of the lines that were shown: many errors may be of one that is long.
  private var guessed: [Int: [Range<Int>]] = [:]
  /// Whether the masks are known from the file's structure; until then they are guessed by line.
  var isMasked = false
  /// Whether no line may be shown at all.
  var hidesLines = false

  init(path: String, text: String, report: DiagnosticReport) {
    self.path = path
    self.report = report
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    var starts = [0]
    for (index, scalar) in scalars.enumerated() {
      let isBreak =
        scalar == "\n"
        || scalar == "\r" && (index + 1 == scalars.count || scalars[index + 1] != "\n")
      if isBreak { starts.append(index + 1) }
    }
    self.scalars = scalars
    lineStarts = starts
  }

  var lineCount: Int { lineStarts.count }

  /// The scalars of a line, from 1, without its end.
  func line(_ number: Int) -> Range<Int> {
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : scalars.count
    while end > start, scalars[end - 1] == "\n" || scalars[end - 1] == "\r" { end -= 1 }
    return start..<end
  }

  func location(at index: Int) -> SourceLocation {
    let number = lineNumber(at: index)
    return SourceLocation(file: path, line: number, column: index - lineStarts[number - 1] + 1)
  }

  /// Hides what stands at `range` from every excerpt.
  func mask(_ range: Range<Int>) {
    if !range.isEmpty { masks.append(range) }
  }

  /// Where `text` first stands inside `range`.
  func find(_ text: String, in range: Range<Int>) -> Range<Int>? {
    let wanted = Array(text.unicodeScalars)
    let range = range.clamped(to: scalars.indices)
    guard !wanted.isEmpty, wanted.count <= range.count else { return nil }
    for start in range.lowerBound...(range.upperBound - wanted.count)
    where scalars[start..<start + wanted.count].elementsEqual(wanted) {
      return start..<start + wanted.count
    }
    return nil
  }

  /// The line in which `range` begins, with secrets masked, and the place of `range` in it.
  func excerpt(at range: Range<Int>) -> Diagnostic.Excerpt? {
    let number = lineNumber(at: range.lowerBound)
    let line = line(number)
    guard !line.isEmpty, !hidesLines else { return nil }
    let hidden = (masks + (isMasked ? [] : guessedMasks(of: number)))
      .map { $0.clamped(to: line) }.filter { !$0.isEmpty }
    return ExcerptBuilder(scalars: scalars, hidden: hidden).build(line: line, place: range)
  }

  private func guessedMasks(of number: Int) -> [Range<Int>] {
    if let known = guessed[number] { return known }
    let masks = SecretLines.masks(of: number, in: self)
    guessed[number] = masks
    return masks
  }

  private func lineNumber(at index: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= index { low = middle } else { high = middle }
    }
    return low + 1
  }
}

extension SourceText {
  func error(
    at range: Range<Int>,
    _ message: String,
    hint: String? = nil,
    related: [Diagnostic.Related] = [],
    severity: Diagnostic.Severity = .error,
    connection: ConnectionName? = nil,
    kind: ErrorKind = .unusableValue
  ) {
    if report.isFull(path) { return }
    report.add(
      Diagnostic(
        severity,
        at: location(at: range.lowerBound),
        message,
        excerpt: excerpt(at: range),
        hint: hint,
        related: related,
        connection: connection,
        kind: kind
      )
    )
  }
}

/// Copies a line, leaving out what is hidden and what would not print, and follows the caret.
private struct ExcerptBuilder {
  let scalars: [Unicode.Scalar]
  let hidden: [Range<Int>]

  func build(line: Range<Int>, place: Range<Int>) -> Diagnostic.Excerpt {
    // Long lines are shown around the place only.
    let lineLengthMax = 160
    let before = place.lowerBound - line.lowerBound
    let start = before > lineLengthMax / 2 ? place.lowerBound - lineLengthMax / 2 : line.lowerBound
    let end = min(line.upperBound, start + lineLengthMax)
    var text = start > line.lowerBound ? "…" : ""
    var caret: Int?
    var caretEnd: Int?
    var index = start
    while index < end {
      if index >= place.lowerBound, caret == nil { caret = text.unicodeScalars.count }
      if index >= place.upperBound, caretEnd == nil { caretEnd = text.unicodeScalars.count }
      if let mask = hidden.first(where: { $0.contains(index) }) {
        text += "***"
        index = mask.upperBound
      } else {
        text.unicodeScalars.append(printable(scalars[index]))
        index += 1
      }
    }
    let length = text.unicodeScalars.count
    let offset = caret ?? length
    return Diagnostic.Excerpt(
      text: end < line.upperBound ? text + "…" : text,
      caretOffset: offset,
      caretLength: max(1, (caretEnd ?? length) - offset)
    )
  }

  private func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar == "\t" { return " " }
    return scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
  }
}
