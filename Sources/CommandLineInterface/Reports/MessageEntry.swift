import JSON
import Messages
import Settings
import Snapshot
import Values

/// A line of `sluice messages`: a message that was sent, or a row that was not.
enum MessageEntry {
  case sent(MessageRecord)
  case unsent(Problem)

  /// A table of entries.
  static func table(_ entries: [MessageEntry]) -> Table {
    var table = Table([
      Table.Column("TIME"), Table.Column("CHANGE"), Table.Column("ROW", isFlexible: true),
      Table.Column("TOPIC"), Table.Column("PARTITION", isNumeric: true),
      Table.Column("OFFSET", isNumeric: true), Table.Column("KEY", isFlexible: true),
      Table.Column("EVENT ID"), Table.Column("NOTE", isFlexible: true),
    ])
    for entry in entries { table.append(entry.cells) }
    return table
  }

  private var cells: [String] {
    switch self {
    case .sent(let message):
      [
        TimeText.local(Int64(message.time / 1000)), message.change.rawValue, message.row ?? "",
        message.topic, String(message.partition), message.offset.map { String($0) } ?? "?",
        message.keyText ?? "", message.eventID, message.valueSize == nil ? "tombstone" : "",
      ]
    case .unsent(let problem):
      [
        "", problem.change?.rawValue ?? "", problem.key ?? "", "", "", "", "", "",
        "\(problem.kind.rawValue): \(problem.text)",
      ]
    }
  }

  /// The entry with headers and value.
  var lines: [String] {
    switch self {
    case .sent(let message):
      let place = "\(message.topic)[\(message.partition)]@\(message.offset.map(String.init) ?? "?")"
      return [
        "\(message.change.rawValue) row \(message.row?.printable ?? "?") → \(place)",
        "    key: \(message.keyText.map { Value.string($0).json } ?? "none")",
        "    headers: \(message.headers)", "    value: \(message.valueText)",
      ]
    case .unsent(let problem):
      let change = problem.change.map { "\($0.rawValue) " } ?? ""
      let line = "\(change)row \(problem.key ?? "?"): \(problem.kind.rawValue): \(problem.text)"
      return [line.printable]
    }
  }

  /// As `--output json` shows it.
  func json(run: String, showsValues: Bool) -> Value {
    var members: [(String, Value)] = [("run", .string(run))]
    switch self {
    case .sent(let message):
      members += [
        ("outcome", .string("sent")), ("change", .string(message.change.rawValue)),
        ("row", .optional(message.row)), ("reason", .null),
        ("time", .string(TimeText.utc(Int64(message.time / 1000)))),
        ("topic", .string(message.topic)), ("partition", .integer(message.partition)),
        ("offset", message.offset.map(Value.integer) ?? .null),
        ("key", .optional(message.keyText)), ("event_id", .string(message.eventID)),
        ("value_bytes", message.valueSize.map(Value.integer) ?? .null),
      ]
      if showsValues {
        members += [("headers", RowText.value(message.headers)), ("value", message.jsonValue)]
      }
    case .unsent(let problem):
      members += [
        ("outcome", .string(problem.kind.rawValue)),
        ("change", .optional(problem.change?.rawValue)), ("row", .optional(problem.key)),
        ("reason", .string(problem.text)),
      ]
    }
    return .object(Object(members))
  }
}

extension MessageRecord {
  /// The message's key as text.
  var keyText: String? { key.map { String(decoding: $0, as: UTF8.self) } }

  /// The value in one line.
  fileprivate var valueText: String {
    guard let value, let valueSize else { return "null (tombstone)" }
    let text = String(decoding: value, as: UTF8.self)
    return value.count < valueSize ? "\(text)… (\(valueSize.grouped) bytes)" : text
  }

  /// The value as JSON; where its end was not kept, the text of its start.
  fileprivate var jsonValue: Value {
    guard let value, let valueSize else { return .null }
    let text = String(decoding: value, as: UTF8.self)
    return value.count < valueSize ? .string(text) : RowText.value(text)
  }
}
