public import Values

/// What a bug report needs: versions, platform, limits, formats of states, keys of files.
///
/// No value of the configuration is in it, and no row.
public struct DoctorReport: CommandReport {
  /// A limit of the process.
  public struct Limit: Sendable {
    /// What is limited, as in `open files`.
    public var name: String
    /// The limit that holds; nil for none.
    public var soft: Int?
    /// How far it can be raised; nil without end.
    public var hard: Int?

    /// Describes a limit.
    public init(_ name: String, soft: Int?, hard: Int?) {
      self.name = name
      self.soft = soft
      self.hard = hard
    }
  }

  /// A file's keys.
  public struct Outline: Sendable {
    /// Path of the file in the project.
    public var file: String
    /// Its keys with the kind of each value, as in `sources.shop.path: a text`.
    public var keys: [String]

    /// Describes a file.
    public init(file: String, keys: [String]) {
      self.file = file
      self.keys = keys
    }
  }

  /// A sync's state.
  public struct State: Sendable {
    /// Name of the sync.
    public var sync: String
    /// Version of the file's format; nil if there is no file, or it cannot be read.
    public var format: Int?
    /// Why it cannot be read; nil if it can.
    public var problem: String?

    /// Describes the state of `sync`.
    public init(sync: String, format: Int? = nil, problem: String? = nil) {
      self.sync = sync
      self.format = format
      self.problem = problem
    }
  }

  /// Versions of Sluice and of what it uses.
  public var version = VersionReport()
  /// The format of states that this version writes.
  public var stateFormat: Int?
  /// Name of the distribution.
  public var system: String?
  /// Name and release of the kernel.
  public var kernel: String?
  /// The processor's kind, as in `x86_64`.
  public var architecture: String?
  /// Name and version of the C library.
  public var systemLibrary: String?
  /// How many processors are online.
  public var processors: Int?
  /// The machine's memory.
  public var memoryBytes: Int?
  /// Limits of the process.
  public var limits: [Limit] = []
  /// The environment that was named; nil for none.
  public var environment: String?
  /// How many errors the project's files have; nil without a project.
  public var errors: Int?
  /// The keys of its files.
  public var files: [Outline] = []
  /// The states of its syncs.
  public var states: [State] = []

  /// Nothing is known.
  public init() {}

  /// The members of the document.
  public var members: [(String, Value)] {
    version.members + [
      ("state_format", .optional(stateFormat)), ("system", .optional(system)),
      ("kernel", .optional(kernel)),
      ("architecture", .optional(architecture)), ("system_library", .optional(systemLibrary)),
      ("processors", .optional(processors)),
      ("memory_bytes", .optional(memoryBytes)), ("limits", .array(limits.map(Self.json))),
      ("environment", .optional(environment)), ("errors", .optional(errors)),
      ("files", .array(files.map(Self.json))), ("states", .array(states.map(Self.json))),
    ]
  }

  private static func json(_ limit: Limit) -> Value {
    .object([
      ("name", .string(limit.name)), ("soft", .optional(limit.soft)),
      ("hard", .optional(limit.hard)),
    ])
  }

  private static func json(_ file: Outline) -> Value {
    .object([("file", .string(file.file)), ("keys", .array(file.keys.map(Value.string)))])
  }

  private static func json(_ state: State) -> Value {
    .object([
      ("sync", .string(state.sync)), ("format", .optional(state.format)),
      ("problem", .optional(state.problem)),
    ])
  }
}
