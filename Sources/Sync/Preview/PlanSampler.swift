internal import Text
internal import Messages
internal import Reports
internal import Rows
internal import Settings

/// Describes a row of a plan: what differs, and the message that it would leave.
struct PlanSampler: Sendable {
  let sync: SyncSettings
  let primaryKey: [String]
  let shapes: ShapeCatalog
  /// Whether what only sending decides is decided already.
  let isPinned: Bool

  /// Describes `items` of `rows`, of which `composition` was made.
  func samples(
    of items: [RowsToSend.Item],
    rows: RowsToSend,
    composition: Composition,
    in envelope: Envelope
  ) -> [PlanReport.Sample] {
    // The null value for a place that a row leaves comes after its own message.
    let messages = Dictionary(
      composition.positions.enumerated().map { ($1, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let rejections = Dictionary(
      composition.rejected.map { ($0.position, $0.rejection) }
        + composition.unknownTopics.map {
          ($0.position, Rejection(BatchComposer.reason($0.topic, nil)))
        },
      uniquingKeysWith: { first, _ in first }
    )
    return items.map { item in
      let new = item.line == nil ? [] : columns(rows.line(of: item))
      let old = rows.oldLine(of: item).map(columns) ?? []
      let rejection = rejections[item.position]
      return PlanReport.Sample(
        change: item.change,
        row: row(item, rows),
        columns: differences(old, new, isAddition: item.change == .added),
        message: messages[item.position].map { index in
          message(envelope.messages[index], in: envelope, change: item.change)
        },
        reason: rejection?.reason,
        detail: rejection?.detail
      )
    }
  }

  private func row(_ item: RowsToSend.Item, _ rows: RowsToSend) -> String? {
    let line = rows.line(of: item)
    return shapes[line.shape].flatMap {
      KeyText.text(of: line.bytes, $0, primaryKey: primaryKey)
    }
  }

  private func columns(
    _ line: (bytes: UnsafeRawBufferPointer, shape: Int)
  ) -> [(name: String, json: String)] {
    shapes[line.shape].map { RowText.columns(of: Array(line.bytes), $0) } ?? []
  }

  private func differences(
    _ old: [(name: String, json: String)],
    _ new: [(name: String, json: String)],
    isAddition: Bool
  ) -> [(name: String, old: String?, new: String?)] {
    let olds = Dictionary(old.map { ($0.name, $0.json) }) { first, _ in first }
    let news = Dictionary(new.map { ($0.name, $0.json) }) { first, _ in first }
    let names = new.map(\.name) + old.map(\.name).filter { news[$0] == nil }
    return names.map { ($0, isAddition ? nil : olds[$0], news[$0]) }.filter { $0.1 != $0.2 }
  }

  private func message(
    _ message: Envelope.Message,
    in envelope: Envelope,
    change: Change
  ) -> PlanReport.Message {
    let key = message.key.map(envelope.text)
    let isDecided =
      isPinned || key.map { !$0.contains(EventID.placeholder) } ?? (sync[change].partition != nil)
    return PlanReport.Message(
      topic: envelope.topic(of: message),
      partition: isDecided ? Int(message.partition) : nil,
      key: key,
      headers: envelope.shownHeaders(of: message),
      value: message.value.map(envelope.text),
      valueBytes: message.value?.count
    )
  }
}
