internal import Settings

public import Values

/// What became of a row of a run: a message that was sent, or none.
public enum MessageReport: Sendable {
  /// The message.
  case sent(MessageRecord)
  /// The row that was rejected, or whose batch could not be sent.
  case unsent(UndeliveredRow)

  /// The entry of the document's list `messages`; null in place of headers and value unless
  /// `showsValues`.
  func json(showsValues: Bool) -> Value {
    switch self {
    case .sent(let message): .object(Self.members(of: message, showsValues: showsValues))
    case .unsent(let row): .object(Self.members(of: row))
    }
  }

  private static func members(
    of message: MessageRecord,
    showsValues: Bool
  ) -> [(String, Value)] {
    [
      ("row", .optional(message.row)), ("change", .string(message.change.rawValue)),
      ("outcome", .string("sent")), ("reason", .null),
      ("time", .string(ReportTime.utc(microseconds: message.time))),
      ("topic", .string(message.topic)), ("partition", .integer(message.partition)),
      ("offset", .optional(message.offset)), ("key", .optional(message.keyText)),
      ("event_id", .string(message.eventID)),
      ("headers", showsValues ? Value(json: message.headers) : .null),
      ("value", showsValues ? message.jsonValue : .null),
      ("value_bytes", .optional(message.valueSize)),
    ]
  }

  private static func members(of row: UndeliveredRow) -> [(String, Value)] {
    let unknown = [
      "time", "topic", "partition", "offset", "key", "event_id", "headers", "value", "value_bytes",
    ]
    return [
      ("row", .optional(row.row)), ("change", .optional(row.change?.rawValue)),
      ("outcome", .string(row.kind.rawValue)), ("reason", .string(row.text)),
    ] + unknown.map { ($0, .null) }
  }
}

/// The messages of one run.
public struct MessagesReport: CommandReport {
  /// Name of the sync.
  public var sync: String?
  /// The run, nil if none has sent a message that is remembered.
  public var run: RunRecord?
  /// The messages in the order in which they were sent, after them the rows that were not sent.
  public var messages: [MessageReport] = []
  /// Whether headers and values were asked for.
  public var showsValues = false
  /// How many entries were asked for, also beyond the limit.
  public var matching = 0
  /// How many messages of the run are remembered.
  public var kept = 0

  /// Nothing is known.
  public init() {}

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("sync", .optional(sync)), ("run", .optional(run?.id)),
      ("messages", .array(messages.map { $0.json(showsValues: showsValues) })),
    ]
  }
}
