public import Settings

/// Something to say about a user's file: what, where, and what to do about it.
public struct Diagnostic: Sendable, Hashable {
  /// How grave it is.
  public enum Severity: String, Sendable, Hashable {
    /// The project cannot be used.
    case error
    /// It can be used, but hardly as it was meant.
    case warning
    /// Worth knowing.
    case note
  }

  /// The line of the file that is meant, with the secrets in it replaced by `***`.
  public struct Excerpt: Sendable, Hashable {
    /// The line's text, without control characters.
    public let text: String
    /// How many characters of `text` stand before the place.
    public let caretOffset: Int
    /// How many characters the place covers, at least one.
    public let caretLength: Int
  }

  /// Another place that belongs to it.
  public struct Related: Sendable, Hashable {
    /// The place.
    public let location: SourceLocation
    /// What is there.
    public let message: String
  }

  /// How grave it is.
  public let severity: Severity
  /// What kind of error it is; of a warning or note, what it would be as an error.
  public let kind: ErrorKind
  /// The place, nil when it concerns no file.
  public let location: SourceLocation?
  /// What is wrong, in one sentence, without a secret in it.
  public let message: String
  /// The line meant, nil when there is none.
  public let excerpt: Excerpt?
  /// What to do, nil when the message says it.
  public let hint: String?
  /// Other places.
  public let related: [Related]
  /// The source or destination that cannot be used because a variable of it is not set; nil for
  /// anything else.
  let connection: ConnectionName?
  /// Whether a command that prints a secret failed: the files are right.
  public var isCommandFailure: Bool { kind == .secretCommand }

  init(
    _ severity: Severity = .error,
    at location: SourceLocation? = nil,
    _ message: String,
    excerpt: Excerpt? = nil,
    hint: String? = nil,
    related: [Related] = [],
    connection: ConnectionName? = nil,
    kind: ErrorKind
  ) {
    self.kind = kind
    self.connection = connection
    self.severity = severity
    self.location = location
    self.message = message
    self.excerpt = excerpt
    self.hint = hint
    self.related = related
  }
}

extension Diagnostic {
  /// An error at a place in a text that was not read with the project; `line` is its line.
  ///
  /// The place is `offset` characters into `line`, which may be less than the file's line; without
  /// it the column of `location` counts.
  public init(
    _ message: String,
    at location: SourceLocation,
    line: String,
    offset: Int? = nil,
    hint: String? = nil,
    kind: ErrorKind
  ) {
    let source = SourceText(path: location.file, text: line, report: DiagnosticReport())
    source.isMasked = true
    let index = min(max(offset ?? location.column - 1, 0), source.line(1).upperBound)
    let excerpt = source.excerpt(at: index..<index + 1)
    self.init(.error, at: location, message, excerpt: excerpt, hint: hint, kind: kind)
  }

  /// The code of an error, nil for anything else.
  public var code: String? { severity == .error ? kind.code : nil }

  /// What is wrong, with the code of an error.
  public var text: String { code.map { "\(message) [\($0)]" } ?? message }

  /// Its first line, as compilers write it: `file:line:column: error: message [CODE]`.
  public var headline: String {
    guard let location else { return "\(severity.rawValue): \(text)" }
    return "\(location): \(severity.rawValue): \(text)"
  }

  /// What follows the first line: the file's line, the caret below it, other places, the hint.
  public var details: [String] {
    var lines: [String] = []
    if let excerpt, let location {
      let number = String(location.line)
      let gutter = String(repeating: " ", count: number.count)
      let padding = String(repeating: " ", count: excerpt.caretOffset)
      let tail = String(repeating: "~", count: max(0, excerpt.caretLength - 1))
      lines.append("  \(number) | \(excerpt.text)")
      lines.append("  \(gutter) | \(padding)^\(tail)")
    }
    for place in related { lines.append("  \(place.location): note: \(place.message)") }
    if let hint { lines.append("  hint: \(hint)") }
    return lines
  }

  /// The whole of it as text, lines separated by newlines, without one at the end.
  public var rendered: String {
    ([headline] + details).joined(separator: "\n")
  }
}

extension Diagnostic {
  /// Itself, saying in which environment it was found, unless its place says so.
  public func naming(environment: String) -> Diagnostic {
    let name = EnvironmentName(environment)
    if let file = location?.file, [name.file, name.variableFile].contains(file) { return self }
    return Diagnostic(
      severity,
      at: location,
      "\(message) (environment \(environment))",
      excerpt: excerpt,
      hint: hint,
      related: related,
      connection: connection,
      kind: kind
    )
  }
}
