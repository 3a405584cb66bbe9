public import Settings
public import Values

/// What a run would do.
public struct PlanReport: SyncReport {
  /// One change, with the message that it would leave.
  public struct Sample: Sendable {
    /// What happened to the row.
    public var change: Change
    /// Primary key of the row as text.
    public var row: String?
    /// The columns that differ: name, old and new JSON; nil if there is none.
    public var columns: [(name: String, old: String?, new: String?)]
    /// The message; nil if the row would be rejected or the trigger is not selected.
    public var message: Message?
    /// Why it would be rejected.
    public var reason: String?
    /// What differs from row to row under one reason; nil if nothing does.
    public var detail: String?

    /// Describes a change.
    public init(
      change: Change,
      row: String?,
      columns: [(name: String, old: String?, new: String?)],
      message: Message?,
      reason: String?,
      detail: String?
    ) {
      self.change = change
      self.row = row
      self.columns = columns
      self.message = message
      self.reason = reason
      self.detail = detail
    }
  }

  /// A message, without the id that only sending gives it.
  public struct Message: Sendable {
    /// Topic.
    public var topic: String
    /// Partition; nil if only the run decides: without a key, or by an id that is not made yet.
    public var partition: Int?
    /// Key, nil for none.
    public var key: String?
    /// Headers, in the order in which they are sent; a value is nil if it is left out.
    public var headers: [(name: String, value: String?)]
    /// Value, nil for a tombstone.
    public var value: String?
    /// Size of the value; nil for a tombstone.
    public var valueBytes: Int?

    /// Describes a message.
    public init(
      topic: String,
      partition: Int?,
      key: String?,
      headers: [(name: String, value: String)],
      value: String?,
      valueBytes: Int?
    ) {
      self.topic = topic
      self.partition = partition
      self.key = key
      self.headers = headers.map { ($0.name, $0.value) }
      self.value = value
      self.valueBytes = valueBytes
    }
  }

  /// Name of the sync.
  public var sync: String
  /// How the run would end.
  public var outcome: RunReport.Outcome
  /// What it would count.
  public var counts: RunCounts
  /// Rows that it would not deliver, by reason, most rows first.
  public var problems: [ProblemGroup]
  /// What the tests on the rows of its model found, in their order.
  public var tests: [RowTestReport]
  /// Messages that it would send.
  public var messages: Int
  /// The first changes of each kind.
  public var samples: [Sample]
  /// Batches of an earlier run that would be sent first.
  public var preparedBatches: Int
  /// What a reader should know besides.
  public var notes: [String]
  /// Why the run would stop.
  public var error: RunError?
  /// Identity of the run that it looks ahead to; the one that sends it only if it is pinned.
  public var run = ""
  /// When it was made, in microseconds since 1970.
  public var startedAt = 0
  /// The file in which it is pinned; nil if it is not.
  public var pinned: PinReport?
  /// Whether values of rows are left out.
  public internal(set) var isRedacted = false

  /// Describes a plan by how the run would end.
  public init(
    _ run: RunReport,
    messages: Int,
    samples: [Sample],
    preparedBatches: Int,
    notes: [String]
  ) {
    sync = run.sync
    outcome = run.outcome
    counts = run.counts
    problems = run.problems
    tests = run.tests
    error = run.error
    self.messages = messages
    self.samples = samples
    self.preparedBatches = preparedBatches
    self.notes = notes
  }

  /// Whether there is something to send.
  public var hasMessages: Bool { messages > 0 }

  /// How many rows of `change` there are.
  public func count(_ change: Change) -> Int {
    switch change {
    case .added: counts.added
    case .changed: counts.changed
    case .removed: counts.removed
    }
  }
}

extension PlanReport {
  /// A plan, as the document shows it.
  public var json: Value {
    .object([
      ("sync", .string(sync)), ("outcome", .string(outcome.rawValue)), ("counts", counts.json),
      ("messages", .integer(messages)), ("prepared_batches", .integer(preparedBatches)),
      ("notes", .array(notes.map(Value.string))),
      ("problems", .array(problems.map(\.json))), ("samples", .array(samples.map(\.json))),
      ("guards", .array((error?.guards ?? []).map(\.json))),
      ("tests", .array(tests.map(\.json))), ("pinned", pinned?.json ?? .null),
      ("redacted", .bool(isRedacted)),
      ("error", error?.json ?? .null),
    ])
  }
}

extension PlanReport.Sample {
  fileprivate var json: Value {
    let columns = columns.map { column -> Value in
      .object([
        ("name", .string(column.name)), ("old", column.old.map(Value.init(json:)) ?? .null),
        ("new", column.new.map(Value.init(json:)) ?? .null),
      ])
    }
    return .object([
      ("change", .string(change.rawValue)), ("row", .optional(row)), ("columns", .array(columns)),
      ("message", message?.json ?? .null), ("reason", .optional(reason)),
      ("detail", .optional(detail)),
    ])
  }
}

extension PlanReport.Message {
  fileprivate var json: Value {
    .object([
      ("topic", .string(topic)), ("partition", .optional(partition)), ("key", .optional(key)),
      ("headers", .object(headers.map { ($0.name, .optional($0.value)) })),
      ("value", value.map(Value.init(json:)) ?? .null), ("value_bytes", .optional(valueBytes)),
    ])
  }
}
