import Settings
import Text

/// Finds what other tools replace in SQL and Sluice hands to the database as it is.
struct QueryCheck {
  private struct Finding {
    let range: Range<Int>
    let message: String
    let hint: String
  }

  private let source: SourceText
  private let dialect: SQLLexer.Dialect
  private let bytes: [UInt8]
  private let tokens: [SQLLexer.Token]

  init(_ source: SourceText, dialect: SQLLexer.Dialect) {
    self.source = source
    self.dialect = dialect
    bytes = Array(String(String.UnicodeScalarView(source.scalars)).utf8)
    tokens = SQLLexer.tokens(of: bytes, dialect: dialect)
  }

  /// Reports the first place of each kind, as errors and, inside strings, as warnings.
  func report() {
    let code = tokens.indices.filter { tokens[$0].kind != .comment && tokens[$0].kind != .blank }
    guard !code.allSatisfy({ byte(tokens[$0]) == UInt8(ascii: ";") }) else {
      source.error(at: source.line(source.lineCount), "the model has no query", kind: .wrongModel)
      return
    }
    let errors = [reference(code), jinja(code), command(code), parameter(code)]
    for case let finding? in errors { say(finding, .error) }
    if errors.allSatisfy({ $0 == nil }), let second = secondStatement(code) { say(second, .error) }
    if let finding = referenceInText(code) { say(finding, .warning) }
    if let finding = jinjaInText(code) { say(finding, .warning) }
  }

  // MARK: - Kinds

  private static let referenceHint =
    "${…} works in YAML and in the front matter only; write the value into the SQL, or read it"
    + " from a table"

  private func reference(_ code: [Int]) -> Finding? {
    first(code, "${").map {
      Finding(
        range: braced(from: $0, "}"),
        message: "${…} is not replaced in the SQL of a model",
        hint: Self.referenceHint
      )
    }
  }

  private static let jinjaHint =
    "this looks like a dbt model: run 'dbt compile' and copy the SQL from target/compiled"

  private func jinja(_ code: [Int]) -> Finding? {
    for (mark, end) in [("{{", "}}"), ("{%", "%}"), ("{#", "#}")] {
      guard let start = first(code, mark) else { continue }
      return Finding(
        range: braced(from: start, end),
        message: "\(mark) … \(end) is not replaced in the SQL of a model",
        hint: Self.jinjaHint
      )
    }
    return nil
  }

  /// A command of psql, or at the start of a statement one of the program sqlite3.
  private func command(_ code: [Int]) -> Finding? {
    for (position, index) in code.enumerated() {
      let start = tokens[index].range.lowerBound
      let isFirst = position == 0 || byte(tokens[code[position - 1]]) == UInt8(ascii: ";")
      let isOfShell = dialect == .sqlite && isFirst && isSymbol(index, ".")
      guard isSymbol(index, "\\") || isOfShell else { continue }
      let program = isOfShell ? "sqlite3" : "psql"
      return Finding(
        range: start..<endOfWord(start + 1),
        message: "'\(text(start..<endOfWord(start + 1)))' is a command of the program \(program)",
        hint: "a model holds nothing but one SELECT; write the values into the SQL"
      )
    }
    return nil
  }

  private func secondStatement(_ code: [Int]) -> Finding? {
    guard let end = code.firstIndex(where: { isSymbol($0, ";") }),
      let second = code[end...].first(where: { !isSymbol($0, ";") })
    else { return nil }
    return Finding(
      range: tokens[second].range,
      message: "a model is one statement, and a second one begins here",
      hint: "make it one SELECT, or a model of its own; settings of a session belong under"
        + " 'session' of the source"
    )
  }

  private func referenceInText(_ code: [Int]) -> Finding? {
    firstInText(code, "${") {
      Interpolation.isName(Substring($0.prefix { $0 != "}" && $0 != ":" }))
    }
    .map {
      Finding(
        range: braced(from: $0, "}"),
        message: "${…} is not replaced here: the query sees it as text",
        hint: Self.referenceHint
      )
    }
  }

  private func jinjaInText(_ code: [Int]) -> Finding? {
    let calls = ["var(", "env_var(", "ref(", "source(", "config(", "this"]
    return firstInText(code, "{{") { text in
      let inside = text.drop { $0 == " " || $0 == "-" }
      return calls.contains { inside.hasPrefix($0) }
    }.map {
      Finding(
        range: braced(from: $0, "}}"),
        message: "{{ … }} is not replaced here: the query sees it as text",
        hint: Self.jinjaHint
      )
    }
  }

  // MARK: - Places

  /// Where the two characters `mark` are next to each other outside of strings and comments.
  private func first(_ code: [Int], _ mark: String) -> Int? {
    code.lazy.map { tokens[$0] }.first { $0.kind == .symbol && starts($0.range.lowerBound, mark) }?
      .range.lowerBound
  }

  /// Where `mark` is inside of a string or a quoted name, and `isMeant` likes what follows.
  private func firstInText(_ code: [Int], _ mark: String, isMeant: (String) -> Bool) -> Int? {
    for token in code.lazy.map({ tokens[$0] }) where token.kind == .string || token.kind == .name {
      for index in token.range where starts(index, mark) {
        let rest = index + 2..<min(token.range.upperBound, index + 66)
        if isMeant(text(rest.clamped(to: 0..<bytes.count))) { return index }
      }
    }
    return nil
  }

  private func say(_ finding: Finding, _ severity: Diagnostic.Severity) {
    let start = scalarIndex(of: finding.range.lowerBound)
    let end = scalarIndex(of: finding.range.upperBound)
    source.error(
      at: start..<end,
      finding.message,
      hint: finding.hint,
      severity: severity,
      kind: .wrongModel
    )
  }

  private func scalarIndex(of offset: Int) -> Int {
    bytes[..<min(offset, bytes.count)].count { $0 & 0xC0 != 0x80 }
  }

  /// From `start` to the end of what `end` closes, within the line.
  private func braced(from start: Int, _ end: String) -> Range<Int> {
    var index = start
    while index < bytes.count, bytes[index] != 0x0A {
      if starts(index, end) { return start..<index + end.utf8.count }
      index += 1
    }
    return start..<min(start + 2, bytes.count)
  }

  private func endOfWord(_ start: Int) -> Int {
    let rest = bytes[min(start, bytes.count)...]
    return rest.firstIndex { !(97...122).contains($0 | 0x20) } ?? bytes.count
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  private func starts(_ index: Int, _ mark: String) -> Bool {
    bytes[index...].starts(with: mark.utf8)
  }

  private func byte(_ token: SQLLexer.Token) -> UInt8 { bytes[token.range.lowerBound] }

  private func isSymbol(_ index: Int, _ symbol: Unicode.Scalar) -> Bool {
    tokens[index].kind == .symbol && byte(tokens[index]) == UInt8(ascii: symbol)
  }
}

// MARK: - Parameters

extension QueryCheck {
  /// A variable of psql or a parameter, which nobody gives a value.
  private func parameter(_ code: [Int]) -> Finding? {
    var context = Context()
    for (position, index) in code.enumerated() {
      let previous = position > 0 ? code[position - 1] : nil
      defer {
        context.pass(tokens[index].kind, byte: byte(tokens[index]), text: text(tokens[index].range))
      }
      guard tokens[index].kind == .symbol,
        let end = endOfParameter(index, after: previous, context)
      else { continue }
      let range = tokens[index].range.lowerBound..<end
      let isOfPsql = dialect == .postgres && isSymbol(index, ":")
      return Finding(
        range: range,
        message: "'\(text(range))' is "
          + (isOfPsql ? "a variable of psql" : "a parameter") + ", and has no value in a model",
        hint: "write the value into the SQL"
      )
    }
    return nil
  }

  /// What is open where a token begins.
  private struct Context {
    private var brackets: [Bool] = []
    private var lastWord = ""

    /// Whether a colon can be the database's own: in a slice of an array, or before a value of
    /// `JSON_OBJECT`.
    var takesColons: Bool { brackets.last ?? false }

    mutating func pass(_ kind: SQLLexer.Kind, byte: UInt8, text: String) {
      let opener = lastWord
      lastWord = kind == .word ? text.lowercased() : ""
      guard kind == .symbol else { return }
      switch byte {
      case UInt8(ascii: "["): brackets.append(true)
      case UInt8(ascii: "("):
        brackets.append(["json_object", "json_objectagg"].contains(opener))
      case UInt8(ascii: "]"), UInt8(ascii: ")"): _ = brackets.popLast()
      default: break
      }
    }
  }

  /// Where the parameter ends that the symbol at `index` begins; nil if it begins none.
  private func endOfParameter(_ index: Int, after previous: Int?, _ context: Context) -> Int? {
    guard let next = index + 1 < tokens.count ? tokens[index + 1] : nil else {
      return dialect == .sqlite && isSymbol(index, "?") ? tokens[index].range.upperBound : nil
    }
    let isNamed = next.kind == .word && !(48...57).contains(byte(next))
    switch dialect {
    case .postgres:
      if isSymbol(index, "$"), next.kind == .word { return next.range.upperBound }
      guard isSymbol(index, ":"), !context.takesColons else { return nil }
      let isQuoted = next.kind == .string || next.kind == .name
      guard isNamed || isQuoted && byte(next) != UInt8(ascii: "$") else { return nil }
      return canBeginValue(after: previous, index) ? next.range.upperBound : nil
    case .sqlite:
      if isSymbol(index, "?") {
        return next.kind == .word ? next.range.upperBound : tokens[index].range.upperBound
      }
      let isMark = isSymbol(index, ":") || isSymbol(index, "@") || isSymbol(index, "$")
      return isMark && next.kind == .word ? next.range.upperBound : nil
    }
  }

  /// Whether a value can begin after a token: not after another value, as in `'a':b`, and not
  /// where a cast (`::`) has its second colon.
  private func canBeginValue(after previous: Int?, _ index: Int) -> Bool {
    guard let previous else { return true }
    let isAdjacent = tokens[previous].range.upperBound == tokens[index].range.lowerBound
    switch tokens[previous].kind {
    case .word: return !isAdjacent
    case .string, .name, .blank, .comment: return false
    case .symbol:
      if isSymbol(previous, ":") { return !isAdjacent }
      return !isSymbol(previous, ")") && !isSymbol(previous, "]")
    }
  }
}
