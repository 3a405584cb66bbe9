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
  public struct Cause: Sendable, Hashable {
    /// What failed.
    public enum System: String, Sendable, Hashable {
      /// The source of the sync's model.
      case source
      /// The sync's destination.
      case destination
      /// The folder of the states.
      case state
    }

    /// What failed.
    public var system: System
    /// How: a word that does not change, or the code of the system itself.
    public var code: String

    /// Names a cause.
    public init(_ system: System, _ code: String) {
      self.system = system
      self.code = code
    }
  }

  /// Creates an error, without any secret that the task knows: it is stored and shown in many
  /// places.
  public init(
    _ code: Code,
    _ message: String,
    at location: SourceLocation? = nil,
    hint: String? = nil,
    line: (text: String, offset: Int)? = nil
  ) {
    self.code = code
    self.message = KnownSecrets.current.hidden(in: message)
    self.location = location
    self.hint = hint.map { KnownSecrets.current.hidden(in: $0) }
    self.line = line
  }

  /// The message.
  public var description: String { message }
}

extension RunError {
  /// The object `error`.
  public var json: Value {
    .object(members + [("others", .array(others.map { .object($0.members) }))])
  }

  private var members: [(String, Value)] {
    [("message", .string(message)), ("hint", .optional(hint))] + SourceLocation.members(location)
  }
}
