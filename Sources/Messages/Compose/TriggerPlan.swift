internal import Rows
internal import Settings

/// How the messages of one change are made, compiled for one shape.
struct TriggerPlan {
  /// A header: the number of its name, and its value.
  struct Header {
    var name: Int32
    var value: ValuePlan
  }

  var topic: ValuePlan
  var key: ValuePlan?
  var partition: ValuePlan?
  var headers: [Header]
  var body: BodyPlan
  /// Fields that identify the row.
  var keyFields: [Int]
  /// The header `backfill`, for rows that a backfill sends.
  var backfillHeader: Int32
  let fieldCount: Int
}

/// What is the same for every message of a run.
public struct RunIdentity: Sendable {
  /// Identity of the run.
  public var id: String
  /// Microseconds since 1970 at its start.
  public var startedAt: Int

  /// Identifies a run.
  public init(id: String, startedAt: Int) {
    self.id = id
    self.startedAt = startedAt
  }
}

/// Numbers for the names of headers; the same in every batch of a run.
struct HeaderNames {
  private(set) var names: [String] = []

  mutating func number(of name: String) -> Int32 {
    if let known = names.firstIndex(of: name) { return Int32(known) }
    names.append(name)
    return Int32(names.count - 1)
  }
}

extension TriggerPlan {
  init(
    _ settings: MessageSettings,
    _ compiler: ValueCompiler,
    model: String,
    run: RunIdentity,
    primaryKey: [String],
    _ names: inout HeaderNames
  ) throws(ComposerError) {
    topic = try compiler.compile(settings.topic)
    if let form = settings.key { key = try compiler.compile(form) }
    if let form = settings.partition { partition = try compiler.compile(form) }
    headers = []
    for header in settings.systemHeaders {
      let value = Self.value(of: header, compiler.change, model, run)
      headers.append(Header(name: names.number(of: header.rawValue), value: value))
    }
    for header in settings.headers {
      let value = try compiler.compile(header.value)
      headers.append(Header(name: names.number(of: header.name), value: value))
    }
    body = try compiler.compile(settings.body)
    keyFields = primaryKey.compactMap { compiler.shape.index(of: $0) }
    backfillHeader = names.number(of: "backfill")
    fieldCount = compiler.shape.columns.count
  }

  private static func value(
    of header: SystemHeader,
    _ change: Change,
    _ model: String,
    _ run: RunIdentity
  ) -> ValuePlan {
    let text: String
    switch header {
    case .eventID: return .eventID
    case .change: text = change.rawValue
    case .contentType: text = "application/json"
    case .topic: text = model
    case .timestamp: text = String(run.startedAt / 1_000_000)
    }
    return .constant(text: Array(text.utf8), json: [])
  }
}
