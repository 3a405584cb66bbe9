import Reports
import Settings
import Values

extension MessageReport {
  /// A table of messages.
  static func table(_ messages: [MessageReport]) -> Table {
    var table = Table([
      Table.Column("TIME"), Table.Column("CHANGE"), Table.Column("ROW", isFlexible: true),
      Table.Column("TOPIC"), Table.Column("PARTITION", isNumeric: true),
      Table.Column("OFFSET", isNumeric: true), Table.Column("KEY", isFlexible: true),
      Table.Column("EVENT ID"), Table.Column("NOTE", isFlexible: true),
    ])
    for message in messages { table.append(message.cells) }
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
    case .unsent(let row):
      [
        "", row.change?.rawValue ?? "", row.row ?? "", "", "", "", "", "",
        "\(row.kind.rawValue): \(row.text)",
      ]
    }
  }

  /// The message with headers and value.
  var lines: [String] {
    switch self {
    case .sent(let message):
      let place = "\(message.topic)[\(message.partition)]@\(message.offset.map(String.init) ?? "?")"
      return [
        "\(message.change.rawValue) row \(message.row?.printable ?? "?") → \(place)",
        "    key: \(message.keyText.map { Value.string($0).jsonText } ?? "none")",
        "    headers: \(message.headers)", "    value: \(message.valueText)",
      ]
    case .unsent(let row):
      let change = row.change.map { "\($0.rawValue) " } ?? ""
      return ["\(change)row \(row.row ?? "?"): \(row.kind.rawValue): \(row.text)".printable]
    }
  }
}

extension MessageRecord {
  /// The value in one line.
  fileprivate var valueText: String {
    guard let value, let valueSize else { return "null (tombstone)" }
    let text = String(decoding: value, as: UTF8.self)
    return value.count < valueSize ? "\(text)… (\(valueSize.grouped) bytes)" : text
  }
}
