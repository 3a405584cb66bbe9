public import Configuration
internal import Reports
public import Settings
import Synchronization
public import Values

/// What a command says: results on standard output, everything else on standard error.
///
/// It may be used from several threads; whatever is written appears as a whole.
public final class Console: Sendable {
  /// What the user asked for.
  public struct Options: Sendable {
    /// What results look like.
    public var output = Format.text
    /// What log lines look like.
    public var log = LogFormat.text
    /// The least important events that are logged.
    public var level = LogLevel.info
    /// Whether success is silent.
    public var isQuiet = false
    /// Whether colour is wanted where a terminal can show it.
    public var wantsColour = true

    /// The defaults.
    public init() {}
  }

  private struct State {
    /// The live line that stands on the terminal, empty for none.
    var progress = ""
    var progressTime: Int64 = 0
    var hasFailed = false
  }

  /// What the user asked for.
  public let options: Options
  private let output: any TextSink
  private let errors: any TextSink
  /// The time in milliseconds since 1970.
  let now: @Sendable () -> Int64
  private let state = Mutex(State())
  /// What the document will say.
  let draft = DocumentDraft()
  /// What it hides, also from code that makes an error.
  public let secrets = KnownSecrets()

  /// Creates a console; `now` gives milliseconds since 1970.
  public init(
    options: Options = Options(),
    output: any TextSink = DescriptorSink.standardOutput,
    errors: any TextSink = DescriptorSink.standardError,
    now: @escaping @Sendable () -> Int64 = { TimeText.now }
  ) {
    self.options = options
    self.output = output
    self.errors = errors
    self.now = now
  }

  /// Hides these texts in everything on standard error from now on.
  public func hide(_ secrets: [Secret]) {
    self.secrets.learn(secrets)
  }

  /// `text` without the texts that are hidden, for results that repeat what others said.
  public func redacted(_ text: String) -> String {
    secrets.hidden(in: text)
  }

  /// Whether something could not be written to standard output: a disk is full, a reader is gone.
  public var hasFailed: Bool { state.withLock { $0.hasFailed } }

  // MARK: - Results

  /// Whether the result is a JSON document: then nothing else is written to standard output.
  public var writesJSON: Bool { options.output == .json }

  /// Columns of the terminal that shows results, nil if none does.
  public var resultWidth: Int? { output.isTerminal ? output.width : nil }

  /// Writes lines of a result.
  public func result(_ lines: String...) { result(lines) }

  /// Writes lines of a result; nothing if the result is a document.
  public func result(_ lines: [String]) {
    if options.output == .text { writeResult(lines.map { $0 + "\n" }.joined()) }
  }

  /// Writes lines of a result that are sentences: between words where a terminal is too narrow.
  public func sentences(_ lines: [String]) {
    result(TextWrap.lines(lines, width: resultWidth))
  }

  /// Asks for something to be typed, on standard error.
  func ask(_ question: String) { writeErrors(question) }

  /// Writes a table, cut to the terminal.
  public func result(_ table: Table) {
    result(table.lines(width: resultWidth))
  }

  /// Writes lines that only tell of success: nothing where the user wants it quiet.
  public func summary(_ lines: String...) {
    if !options.isQuiet { sentences(lines) }
  }

  func writeResult(_ text: String) {
    state.withLock { state in
      clearProgress(&state)
      if !output.write(text) { state.hasFailed = true }
    }
  }

  // MARK: - Log

  /// Writes a log line, when it is important enough.
  public func log(_ event: LogEvent) {
    let least = options.isQuiet ? max(options.level, .warning) : options.level
    guard event.level >= least else { return }
    // Before texts are escaped: a secret with a quote in it would look different afterwards.
    let event = event.replacingTexts(secrets.hidden)
    switch options.log {
    case .json: writeErrors(event.json(at: now()))
    case .text where errors.isTerminal:
      let subject = event.sync.map { "\($0): " } ?? ""
      writeErrors(wrapped([colour(event.level) + subject + event.message.printable]))
    case .text: writeErrors(event.text(at: now()))
    }
  }

  /// Says why a command ends.
  public func report(_ failure: CommandFailure) {
    guard let message = failure.message else { return }
    report(
      error: message,
      kind: failure.kind,
      at: failure.location,
      hint: failure.hint,
      fields: [("exit_code", .integer(Int(failure.code.rawValue)))]
    )
  }

  /// Says what failed and where, of `sync` or of the command, and what to do about it.
  public func report(
    error message: String,
    kind: ErrorKind?,
    of sync: String? = nil,
    at location: SourceLocation? = nil,
    hint: String? = nil,
    fields: [(name: String, value: Value)] = []
  ) {
    if options.log == .json {
      let place = SourceLocation.members(location).map { (name: $0.0, value: $0.1) }
      let known =
        [("code", Value.optional(kind?.code)), ("hint", Value.optional(hint))] + place
      log(LogEvent(.error, name: "error", sync: sync, message: message, fields: known + fields))
      return
    }
    let place = location.map { "\($0): " } ?? ""
    let subject = sync.map { "\($0): " } ?? ""
    let code = kind.map { " [\($0.code)]" } ?? ""
    var lines = [errorMark + place + subject + message + code]
    if let hint { lines.append("  hint: \(hint)") }
    writeErrors(wrapped(lines))
  }

  /// `lines` as one text, broken between words if a terminal shows them.
  private func wrapped(_ lines: [String]) -> String {
    TextWrap.lines(lines, width: errorWidth).joined(separator: "\n")
  }

  /// Columns of the terminal that shows errors, nil if none does.
  private var errorWidth: Int? { errors.isTerminal ? errors.width : nil }

  /// What stands in front of an error: its time too, except on a terminal.
  private var errorMark: String {
    errors.isTerminal
      ? colour(.error) : "\(ReportTime.utc(milliseconds: now())) \(LogLevel.error.rawValue) "
  }

  /// Says where in a file a command that is under way failed.
  func report(failure diagnostic: Diagnostic) {
    let place = diagnostic.location.map { "\($0): " } ?? ""
    let headline =
      errors.isTerminal
      ? paint(place, "1") + errorMark + diagnostic.text
      : errorMark + place + diagnostic.text
    write(headline, of: diagnostic)
  }

  private func write(_ headline: String, of diagnostic: Diagnostic) {
    let details = diagnostic.details(width: errorWidth)
    writeErrors(([wrapped([headline])] + details).joined(separator: "\n"))
  }

  /// Says something about a file of the project.
  public func report(_ diagnostic: Diagnostic) {
    note(diagnostic)
    if options.isQuiet, diagnostic.severity != .error { return }
    if options.log == .json {
      let level: LogLevel =
        switch diagnostic.severity {
        case .error: .error
        case .warning: .warning
        case .note: .info
        }
      log(
        LogEvent(
          level,
          name: "configuration",
          message: diagnostic.message,
          fields: diagnostic.fields
        )
      )
      return
    }
    let place = diagnostic.location.map { "\($0): " } ?? ""
    let headline =
      paint(place, "1") + paint("\(diagnostic.severity.rawValue): ", diagnostic.severity.colour)
      + diagnostic.text
    write(headline, of: diagnostic)
  }

  private func writeErrors(_ text: String) {
    state.withLock { state in
      clearProgress(&state)
      // Where standard error cannot be written there is nobody left to tell.
      _ = errors.write(secrets.hidden(in: text) + "\n")
    }
  }

  // MARK: - Progress

  /// Whether somebody watches progress.
  public var showsProgress: Bool {
    errors.isTerminal && !options.isQuiet && options.log == .text
  }

  /// Shows `line` in place of the last live line.
  ///
  /// Nothing happens if nobody watches, or if the last one is younger than 100 ms; then the line is
  /// not even made.
  public func progress(_ line: @autoclosure () -> String) {
    guard showsProgress else { return }
    let time = now()
    state.withLock { state in
      guard time - state.progressTime >= 100 else { return }
      state.progressTime = time
      state.progress = secrets.hidden(in: line().printable).truncated(to: errors.width - 1)
      _ = errors.write("\r\u{1B}[K" + state.progress)
    }
  }

  /// Takes the live line away.
  public func endProgress() {
    state.withLock { clearProgress(&$0) }
  }

  private func clearProgress(_ state: inout State) {
    guard !state.progress.isEmpty else { return }
    state.progress = ""
    _ = errors.write("\r\u{1B}[K")
  }

  // MARK: - Colour

  private var usesColour: Bool { options.wantsColour && errors.isTerminal }

  /// `text` in a colour (an ANSI code such as `32`) where a terminal shows results.
  func paintResult(_ text: String, _ code: String) -> String {
    options.wantsColour && output.isTerminal ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  private func paint(_ text: String, _ code: String) -> String {
    usesColour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// The word before a message on a terminal.
  private func colour(_ level: LogLevel) -> String {
    switch level {
    case .trace: paint("trace: ", "2")
    case .debug: paint("debug: ", "2")
    case .info: ""
    case .warning: paint("warning: ", "1;33")
    case .error: paint("error: ", "1;31")
    }
  }
}
