public import Values

/// The version of Sluice and of the libraries it uses.
public struct VersionReport: CommandReport {
  /// A library by its name.
  public struct Library: Sendable {
    /// Its name, as in `libpq`.
    public var name: String
    /// Its version, as in `15.13`.
    public var version: String

    /// Describes a library.
    public init(_ name: String, version: String) {
      self.name = name
      self.version = version
    }

    var json: Value { .object([("name", .string(name)), ("version", .string(version))]) }
  }

  /// As in `0.2.0`.
  public var version: String?
  /// The commit that it was built of, `unknown` if nobody said.
  public var commit: String?
  /// What it uses.
  public var libraries: [Library]

  /// Reports `version`.
  public init(_ version: String?, commit: String? = nil, libraries: [Library] = []) {
    self.version = version
    self.commit = commit
    self.libraries = libraries
  }

  /// Without a version.
  public init() {
    self.init(nil)
  }

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("version", .optional(version)), ("commit", .optional(commit)),
      ("libraries", .array(libraries.map(\.json))),
    ]
  }
}
