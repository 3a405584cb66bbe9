/// The unit tests of one sync: `syncs/NAME.test.yml`.
public struct SyncTests: Sendable {
  /// Name of the sync.
  public var sync: String
  /// Path of the file, relative to the project.
  public var file: String
  /// The cases, in the order of the file.
  public var cases: [SyncTestCase]

  /// Joins the cases of a file.
  public init(sync: String, file: String, cases: [SyncTestCase]) {
    self.sync = sync
    self.file = file
    self.cases = cases
  }
}

/// One change of one row, and what is expected of it.
public struct SyncTestCase: Sendable {
  /// A column and its value.
  public struct Column: Sendable, Equatable {
    /// Name.
    public var name: String
    /// Value, as the file writes it.
    public var value: Literal

    /// Names a value.
    public init(name: String, value: Literal) {
      self.name = name
      self.value = value
    }
  }

  /// What is expected.
  public enum Expectation: Sendable, Equatable {
    /// Nothing is said yet.
    case none
    /// A message of which this is known.
    case message(ExpectedMessage)
    /// A row that cannot be sent, for a reason with this text in it.
    case rejected(String)
    /// A change that leaves no message.
    case nothing
  }

  /// Name, each once in a file.
  public var name: String
  /// Where the case begins.
  public var location: SourceLocation
  /// What happens to the row.
  public var change: Change
  /// The row; for a removal as the snapshot holds it.
  public var row: [Column]
  /// The columns that were different before a change; the others were as in `row`.
  public var previous: [Column]
  /// What is expected.
  public var expectation: Expectation

  /// Describes a case.
  public init(
    name: String,
    location: SourceLocation,
    change: Change,
    row: [Column],
    previous: [Column],
    expectation: Expectation
  ) {
    self.name = name
    self.location = location
    self.change = change
    self.row = row
    self.previous = previous
    self.expectation = expectation
  }
}

/// What a test says of a message; what it does not name is not compared.
public struct ExpectedMessage: Sendable, Equatable {
  /// A header.
  public struct Header: Sendable, Equatable {
    /// Name.
    public var name: String
    /// Value, nil for one that is not sent.
    public var value: String?

    /// Names a header.
    public init(name: String, value: String?) {
      self.name = name
      self.value = value
    }
  }

  /// Topic.
  public var topic: String?
  /// Key; the inner nil is a message without one.
  public var key: String??
  /// Partition that `partition` of the sync asks for; the inner nil is none.
  public var partition: Int??
  /// Headers.
  public var headers: [Header]
  /// Value as JSON text; the inner nil is a tombstone.
  public var message: String??

  /// Describes a message.
  public init(
    topic: String? = nil,
    key: String?? = nil,
    partition: Int?? = nil,
    headers: [Header] = [],
    message: String?? = nil
  ) {
    self.topic = topic
    self.key = key
    self.partition = partition
    self.headers = headers
    self.message = message
  }
}
