public import Settings
public import Values

/// Why a run stopped, or could not begin.
public struct RunError: GroupedError, CustomStringConvertible {
  /// What kind of end it is.
  public enum Code: Sendable, Hashable {
    /// Something outside failed: run again later.
    case failed
    /// The configuration or the model is wrong.
    case configuration
    /// A guard stopped the run before its first message.
    case stoppedByGuard
    /// A signal asked for it.
    case interrupted
    /// A pinned plan keeps other runs out.
    case held
  }

  /// What kind of end it is.
  public var code: Code
  /// What kind of error it is; nil for what a state of an earlier Sluice tells of a run.
  public var kind: ErrorKind?
  /// What happened.
  public var message: String
  /// Where in the user's files.
  public var location: SourceLocation?
  /// What to do.
  public var hint: String?
  /// The line of a template and how many characters of it stand before the place.
  public var line: (text: String, offset: Int)?
  /// The guards that stopped the run.
  public var guards: [GuardHit] = []
  /// What else is wrong of the same kind, in the order of finding.
  public var others: [RunError] = []
  /// What failed outside of the sync; nil if it is about this sync alone.
  public var cause: Cause?
  /// The message for readers who must not see values of rows; nil if it holds none.
  public var valueFree: String?

  /// What failed outside of a sync: other syncs meet the same.
  public enum Cause: String, Sendable, Hashable {
    /// The source of the sync's model.
    case source
    /// The sync's destination.
    case destination
    /// The folder of the states.
    case state
  }

  /// Creates an error, without any secret that the task knows: it is stored and shown in many
  /// places.
  public init(
    _ code: Code,
    _ message: String,
    kind: ErrorKind?,
    at location: SourceLocation? = nil,
    hint: String? = nil,
    line: (text: String, offset: Int)? = nil
  ) {
    self.code = code
    self.kind = kind
    self.message = KnownSecrets.current.hidden(in: message)
    self.location = location
    self.hint = hint.map { KnownSecrets.current.hidden(in: $0) }
    self.line = line
  }

  /// The message, with the code of its kind.
  public var text: String { kind.map { "\(message) [\($0.code)]" } ?? message }

  /// The message.
  public var description: String { message }
}

extension RunError {
  /// What a state keeps of it: its code, a blank and its message.
  public var stored: String { kind.map { "\($0.code) \(message)" } ?? message }

  /// Takes ``stored``; an earlier Sluice kept the message alone.
  public init(stored text: String) {
    let words = text.split(separator: " ", maxSplits: 1)
    if words.count == 2, let kind = ErrorKind(code: String(words[0])) {
      self.init(.failed, String(words[1]), kind: kind)
    } else {
      self.init(.failed, text, kind: nil)
    }
  }

  /// The object `error`.
  public var json: Value {
    .object(members + [("others", .array(others.map { .object($0.members) }))])
  }

  private var members: [(String, Value)] {
    [
      ("code", .optional(kind?.code)), ("message", .string(message)), ("hint", .optional(hint)),
    ] + SourceLocation.members(location)
  }
}
