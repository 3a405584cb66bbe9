public import Values

/// The files that let a scheduler start a project's runs.
public struct ScheduleReport: CommandReport {
  /// One file.
  public struct File: Sendable {
    /// Its name, without a folder.
    public var name: String
    /// All of it.
    public var text: String

    /// Describes a file.
    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }

    fileprivate var json: Value {
      .object([("name", .string(name)), ("text", .string(text))])
    }
  }

  /// Which scheduler they are for: `systemd` or `kubernetes`.
  public var scheduler: String?
  /// The folder that they were written into; nil if they were only printed.
  public var folder: String?
  /// The files.
  public var files: [File]

  /// Reports `files` for `scheduler`.
  public init(scheduler: String, folder: String?, files: [File]) {
    self.scheduler = scheduler
    self.folder = folder
    self.files = files
  }

  /// Nothing is known.
  public init() {
    files = []
  }

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("scheduler", .optional(scheduler)), ("folder", .optional(folder)),
      ("files", .array(files.map(\.json))),
    ]
  }
}
