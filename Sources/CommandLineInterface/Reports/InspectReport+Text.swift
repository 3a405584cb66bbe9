import Engine
import Messages
import Settings
import Values

extension InspectReport {
  /// What becomes of the row, in one line.
  var headline: String {
    let row = key.map { "\(sync) row \($0)" } ?? sync
    let fate =
      switch verdict {
      case .send: "would be sent as \(change?.rawValue ?? "added")"
      case .prepared: "is sent first, as \(change?.rawValue ?? "added")"
      case .unchanged, .ignored, .notSelected: "nothing is sent"
      case .remembered: "would be remembered, nothing is sent"
      case .rejected: "would be rejected"
      case .unknownTopic: "could not be sent"
      case .invalid: "is invalid"
      case .notFound: "not found"
      }
    return "\(row): \(fate): \(reason)".printable
  }

  /// The row beside what the snapshot holds of it.
  var table: Table {
    var table = Table([
      Table.Column("COLUMN"), Table.Column("TYPE"), Table.Column("VALUE", isFlexible: true),
      Table.Column("IN THE SNAPSHOT", isFlexible: true),
    ])
    let old = Dictionary(snapshot.map { ($0.name, $0) }) { first, _ in first }
    for column in columns {
      let stored = old[column.name]?.json
      let isSame = stored == column.json
      table.append([column.name, column.type, column.json, isSame ? "=" : stored ?? "-"])
    }
    let names = Set(columns.map(\.name))
    for column in snapshot where !names.contains(column.name) {
      table.append([column.name, column.type, "-", column.json])
    }
    return table
  }

  /// What templates see.
  var variableLines: [String] {
    ["variables"] + variables.map { "  \($0.name): \($0.value.json)" }
  }

  /// The message, its body indented.
  var messageLines: [String] {
    guard let message else { return [] }
    let partition = message.partition.map(String.init) ?? "?"
    var lines = [
      "message", "  topic: \(message.topic)",
      "  partition: \(partition) (\(message.partitionReason))",
      "  key: \(message.key.map { Value.string($0).json } ?? "none")", "  headers:",
    ]
    lines += message.headers.map { header in
      let isMade = header.value == EventID.placeholder
      return "    \(header.name): "
        + (isMade ? "(made when it is sent)" : Value.string(header.value).json)
    }
    guard let value = message.value else { return lines + ["  value: null (tombstone)"] }
    lines.append("  value: \(message.valueBytes.grouped) bytes")
    return lines + JSONLayout.lines(value).map { "    \($0)" }
  }

  /// As `--output json` shows it.
  var json: Value {
    .object(
      Object([
        ("sync", .string(sync)), ("row", .optional(key)), ("verdict", .string(verdict.rawValue)),
        ("reason", .string(reason)), ("change", .optional(change?.rawValue)),
        ("columns", .array(columns.map(\.value))), ("snapshot", .array(snapshot.map(\.value))),
        ("variables", .object(Object(variables.map { ($0.name, $0.value) }))),
        ("move", move?.json ?? .null), ("message", message?.json ?? .null),
        ("notes", .array(notes.map(Value.string))),
        ("hint", .optional(hint)), ("error", error?.value ?? .null),
      ])
    )
  }
}

extension RowText.Column {
  fileprivate var value: Value {
    .object(
      Object([("name", .string(name)), ("type", .string(type)), ("value", RowText.value(json))])
    )
  }
}

extension InspectReport.Message {
  fileprivate var json: Value {
    .object(
      Object([
        ("topic", .string(topic)), ("partition", partition.map(Value.integer) ?? .null),
        ("partition_reason", .string(partitionReason)), ("key", .optional(key)),
        ("headers", .object(Object(headers.map { ($0.name, .string($0.value)) }))),
        ("value", value.map(RowText.value) ?? .null), ("value_bytes", .integer(valueBytes)),
      ])
    )
  }
}
