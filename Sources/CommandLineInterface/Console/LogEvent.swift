import Reports
public import Values

/// How important something is.
public enum LogLevel: String, Sendable, CaseIterable, Comparable {
  /// Every step of connections, logins, statements and librdkafka.
  case trace
  /// For finding out what went wrong.
  case debug
  /// The ordinary course of things.
  case info
  /// Something that somebody should look at.
  case warning
  /// Something failed.
  case error

  /// Whether `left` is less important.
  public static func < (left: LogLevel, right: LogLevel) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .trace: -1
    case .debug: 0
    case .info: 1
    case .warning: 2
    case .error: 3
    }
  }
}

/// Something that happened, for people and for programs that read logs.
public struct LogEvent: Sendable {
  /// How important it is.
  public let level: LogLevel
  /// A name that does not change from version to version, as in `run-finished`.
  public let name: String
  /// The sync it belongs to, nil for none.
  public let sync: String?
  /// What happened, as a person reads it, without the sync's name.
  public let message: String
  /// What a program wants to know, in order.
  public let fields: [(name: String, value: Value)]

  /// Describes something that happened.
  public init(
    _ level: LogLevel,
    name: String,
    sync: String? = nil,
    message: String,
    fields: [(name: String, value: Value)] = []
  ) {
    self.level = level
    self.name = name
    self.sync = sync
    self.message = message
    self.fields = fields
  }

  /// Itself with other texts.
  func replacingTexts(_ change: (String) -> String) -> LogEvent {
    let fields = fields.map { field in
      guard case .string(let text) = field.value else { return field }
      return (field.name, Value.string(change(text)))
    }
    return LogEvent(level, name: name, sync: sync, message: change(message), fields: fields)
  }

  /// One line of text: time, level, sync, message, and the fields that are not nought.
  func text(at milliseconds: Int64) -> String {
    let subject = sync.map { "\($0): " } ?? ""
    let pairs = fields.filter { $0.value != .integer(0) }
      .map { " \($0.name)=\(Self.plain($0.value))" }.joined()
    return
      "\(ReportTime.utc(milliseconds: milliseconds)) \(level.rawValue) \(subject)\(message.printable)\(pairs)"
  }

  /// One line of JSON.
  func json(at milliseconds: Int64) -> String {
    let members: [(String, Value)] = [
      ("time", .string(ReportTime.utc(milliseconds: milliseconds))),
      ("level", .string(level.rawValue)), ("event", .string(name)), ("sync", .optional(sync)),
      ("message", .string(message)),
    ]
    return Value.object(Object(members + fields.map { ($0.name, $0.value) })).jsonText
  }

  /// A field's value: bare when it is one word, else as JSON.
  private static func plain(_ value: Value) -> String {
    guard case .string(let text) = value else { return value.jsonText }
    let isWord =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0.properties.generalCategory != .control && !" \"=".unicodeScalars.contains($0)
      }
    return isWord ? text : value.jsonText
  }
}
