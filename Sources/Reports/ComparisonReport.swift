public import Settings
public import Values

/// What a change of the project's files does to the messages of one sync.
public struct ComparisonReport: SyncReport {
  /// A member of messages that differs, and in how many of them.
  public struct Member: Sendable, Hashable {
    /// Where it is: `topic`, `key`, `partition`, `header NAME`, `value` or a path such as
    /// `value.items[0].name`; `rejected` for a row that only one version can send.
    public var name: String
    /// How many messages differ in it.
    public var messages: Int

    /// Counts a member.
    public init(name: String, messages: Int) {
      self.name = name
      self.messages = messages
    }
  }

  /// A member of one message, in both versions.
  public struct Difference: Sendable, Hashable {
    /// As in ``Member/name``.
    public var name: String
    /// Its JSON in the older version; nil if it has none.
    public var old: String?
    /// Its JSON in the newer version; nil if it has none.
    public var new: String?

    /// Describes a difference.
    public init(name: String, old: String?, new: String?) {
      self.name = name
      self.old = old
      self.new = new
    }
  }

  /// Messages of one row that differ alike.
  public struct Sample: Sendable {
    /// The changes that they would tell of.
    public var changes: [Change]
    /// Primary key of the row as text; nil if it is left out.
    public var row: String?
    /// The members that differ.
    public var differences: [Difference]

    /// Describes messages.
    public init(changes: [Change], row: String?, differences: [Difference]) {
      self.changes = changes
      self.row = row
      self.differences = differences
    }
  }

  /// Which of the versions have the sync.
  public enum Presence: String, Sendable, Hashable {
    /// Both.
    case both
    /// Only today's files.
    case new
    /// Only the older ones: its topic gets no more messages.
    case gone
  }

  /// Name of the sync.
  public var sync: String
  /// Which of the versions have it.
  public var presence = Presence.both
  /// The version of the files that today's are compared with.
  public var revision: String
  /// Rows that messages were made of, in both versions.
  public var rows = 0
  /// Messages that were compared.
  public var compared = 0
  /// How many of them differ.
  public var differing = 0
  /// The members that differ, most messages first.
  public var members: [Member] = []
  /// The first messages that differ, of each change.
  public var samples: [Sample] = []
  /// What a reader should know besides.
  public var notes: [String] = []
  /// Why there is no comparison.
  public var error: RunError?
  /// Whether values of rows are left out.
  public private(set) var isRedacted = false

  /// Whether the change makes a difference.
  public var hasDifferences: Bool { differing > 0 || presence != .both }

  /// Nothing is compared yet.
  public init(sync: String, revision: String) {
    self.sync = sync
    self.revision = revision
  }

  /// The same for readers who must not see values of rows.
  public var withoutValues: ComparisonReport {
    var report = self
    report.isRedacted = true
    report.samples = samples.map { sample in
      let differences = sample.differences.map { Difference(name: $0.name, old: nil, new: nil) }
      return Sample(changes: sample.changes, row: nil, differences: differences)
    }
    report.error = error?.withoutValues
    return report
  }

  /// A comparison, as the document shows it.
  public var json: Value {
    .object([
      ("sync", .string(sync)), ("revision", .string(revision)),
      ("presence", .string(presence.rawValue)), ("rows", .integer(rows)),
      ("compared", .integer(compared)), ("differing", .integer(differing)),
      ("members", .array(members.map(\.json))), ("samples", .array(samples.map(\.json))),
      ("notes", .array(notes.map(Value.string))), ("redacted", .bool(isRedacted)),
      ("error", error?.json ?? .null),
    ])
  }
}

extension ComparisonReport.Member {
  fileprivate var json: Value {
    .object([("name", .string(name)), ("messages", .integer(messages))])
  }
}

extension ComparisonReport.Sample {
  fileprivate var json: Value {
    let differences = differences.map { difference -> Value in
      .object([
        ("name", .string(difference.name)),
        ("old", difference.old.map(Value.init(json:)) ?? .null),
        ("new", difference.new.map(Value.init(json:)) ?? .null),
      ])
    }
    return .object([
      ("changes", .array(changes.map { .string($0.rawValue) })), ("row", .optional(row)),
      ("differences", .array(differences)),
    ])
  }
}
