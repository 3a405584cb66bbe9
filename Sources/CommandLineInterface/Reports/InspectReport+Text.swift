import Messages
import Reports
import Settings
import Values

extension InspectReport {
  /// What becomes of the row, in one line.
  var headline: String {
    let row = row.map { "\(sync) row \($0)" } ?? sync
    let fate =
      switch verdict {
      case .send: "would be sent as \(change?.rawValue ?? "added")"
      case .prepared: "is sent first, as \(change?.rawValue ?? "added")"
      case .unchanged, .ignored, .notSelected: "nothing is sent"
      case .waiting: "is kept for now"
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
      let stored = old[column.name]?.valueText
      let isSame = stored == column.valueText
      table.append([column.name, column.type, column.valueText, isSame ? "=" : stored ?? "-"])
    }
    let names = Set(columns.map(\.name))
    for column in snapshot where !names.contains(column.name) {
      table.append([column.name, column.type, "-", column.valueText])
    }
    return table
  }

  /// What templates see.
  var variableLines: [String] {
    ["variables"] + variables.map { "  \($0.name): \($0.value.jsonText)" }
  }

  /// The message, its body indented.
  var messageLines: [String] {
    guard let message else { return [] }
    let partition = message.partition.map(String.init) ?? "?"
    var lines = [
      "message", "  topic: \(message.topic)",
      "  partition: \(partition) (\(message.partitionReason))",
      "  key: \(message.key.map { Value.string($0).jsonText } ?? "none")", "  headers:",
    ]
    lines += message.headers.map { header in
      let isMade = header.value == EventID.placeholder
      return "    \(header.name): "
        + (isMade ? "(made when it is sent)" : Value.string(header.value).jsonText)
    }
    guard let value = message.value else { return lines + ["  value: null (tombstone)"] }
    lines.append("  value: \(message.valueBytes.grouped) bytes")
    return lines + JSONLayout.lines(value).map { "    \($0)" }
  }

  /// Itself without the texts that `console` hides in its notes.
  func redacted(_ console: Console) -> InspectReport {
    var report = self
    report.notes = notes.map { console.redacted($0) }
    return report
  }
}
