public import Values

/// The files that `init` or `new` wrote.
public struct ProjectReport: CommandReport {
  /// The project's folder.
  public var directory: String?
  /// The new sync.
  public var sync: String?
  /// Paths below the folder.
  public var files: [String]

  /// Lists the files.
  public init(directory: String, sync: String?, files: [String]) {
    self.directory = directory
    self.sync = sync
    self.files = files
  }

  /// Nothing was written.
  public init() {
    files = []
  }

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("directory", .optional(directory)), ("sync", .optional(sync)),
      ("files", .array(files.map(Value.string))),
    ]
  }
}
