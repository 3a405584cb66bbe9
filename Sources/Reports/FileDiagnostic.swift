public import Settings
public import Values

/// Something to say about a file of the project or about a state, as programs read it.
public struct FileDiagnostic: Sendable {
  /// Another place that belongs to it.
  public struct Related: Sendable {
    /// The place.
    public var location: SourceLocation
    /// What is there.
    public var message: String

    /// Names a place and what is there.
    public init(location: SourceLocation, message: String) {
      self.location = location
      self.message = message
    }
  }

  /// `error`, `warning` or `note`.
  public var severity: String
  /// What kind of error it is; nil for a warning or a note.
  public var kind: ErrorKind?
  /// What is wrong, in one sentence.
  public var message: String
  /// What to do, nil if the message says it.
  public var hint: String?
  /// The place, nil if it concerns none.
  public var location: SourceLocation?
  /// The file, if it is not one that has lines.
  public var file: String?
  /// Other places.
  public var related: [Related]

  /// Says something of a place.
  public init(
    severity: String,
    kind: ErrorKind?,
    message: String,
    hint: String? = nil,
    location: SourceLocation? = nil,
    related: [Related] = []
  ) {
    self.severity = severity
    self.kind = kind
    self.message = message
    self.hint = hint
    self.location = location
    self.related = related
  }

  /// The entry of the document's list `diagnostics`.
  public var json: Value {
    .object(
      [
        ("severity", .string(severity)), ("code", .optional(kind?.code)),
        ("message", .string(message)), ("hint", .optional(hint)),
      ] + SourceLocation.members(location, file: file)
        + [("related", .array(related.map(\.json)))]
    )
  }
}

extension FileDiagnostic.Related {
  fileprivate var json: Value {
    .object([("message", .string(message))] + SourceLocation.members(location))
  }
}

extension SourceLocation {
  /// The members `file`, `line` and `column`; null without a place.
  public static func members(
    _ location: SourceLocation?,
    file: String? = nil
  ) -> [(String, Value)] {
    [
      ("file", .optional(location?.file ?? file)), ("line", .optional(location?.line)),
      ("column", .optional(location?.column)),
    ]
  }
}
