internal import Blocking
internal import Text
internal import JSON
internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// The last messages of a run that the broker acknowledged.
///
/// A batch that alone is more than what is kept is only held, not looked at, until the next one
/// comes: sending millions of rows costs nothing for it. Used by one task at a time.
final class RecentMessages {
  /// An acknowledged batch with its messages.
  private struct Held {
    var batch: DeliverableBatch
    var composition: Composition
    var envelope: Handover<Envelope>
    var offsets: Offsets
    /// Indexes of the messages that left, the last ones that are kept.
    var indexes: [Int]
    var time: Int
  }

  private let countMax: Int
  private let primaryKey: [String]
  private var stateID = ""
  private var shapes = ShapeCatalog([:])
  private var records: [MessageRecord] = []
  private var held: Held?

  /// Prepares to keep the last `countMax` messages, 0 for none.
  init(countMax: Int, primaryKey: [String]) {
    self.countMax = countMax
    self.primaryKey = primaryKey
  }

  /// Learns what the state knows, before the first message.
  func use(stateID: String, _ shapes: ShapeCatalog) {
    self.stateID = stateID
    self.shapes = shapes
  }

  /// Takes the acknowledged messages out of `shipment`, and takes note of them.
  ///
  /// Returns the envelopes that are free for others again.
  func keep(_ shipment: Shipment) -> [Handover<Envelope>] {
    guard let composition = shipment.composition else { return [] }
    let (batch, indexes) = (shipment.batch, shipment.lastMessages(countMax))
    guard let envelope = shipment.unload() else { return [] }
    guard countMax > 0 else { return [envelope] }
    let last = Held(
      batch: batch,
      composition: composition,
      envelope: envelope,
      offsets: shipment.offsets,
      indexes: indexes,
      time: WallClock.microseconds()
    )
    if indexes.count == countMax {
      defer { held = last }
      records = []
      return held.map { [$0.envelope] } ?? []
    }
    let free = [readHeld(), read(last)].compactMap(\.self)
    if records.count >= 2 * countMax { records.removeFirst(records.count - countMax) }
    return free
  }

  /// The messages, in the order in which they were sent.
  func takeRecords() -> [MessageRecord] {
    _ = readHeld()
    defer { records = [] }
    return records.suffix(countMax)
  }

  private func readHeld() -> Handover<Envelope>? {
    guard let held else { return nil }
    self.held = nil
    return read(held)
  }

  /// Makes records of messages, and gives back their envelope.
  private func read(_ held: Held) -> Handover<Envelope>? {
    guard let envelope = held.envelope.take() else { return nil }
    let rows = RowsToSend(held.batch)
    let items = Dictionary(rows.items.map { ($0.position, $0) }) { first, _ in first }
    var eventID = EventID(stateID: stateID)
    eventID.begin(token: rows.token)
    for index in held.indexes {
      guard let item = items[held.composition.positions[index]] else { continue }
      let id = identity(index, item: item, rows: rows, held: held, eventID: &eventID)
      records.append(record(index, of: envelope, item: item, held: held, id: id))
    }
    return Handover(envelope)
  }

  /// The key of the row that a message tells of, and the id of the event.
  private func identity(
    _ index: Int,
    item: RowsToSend.Item,
    rows: RowsToSend,
    held: Held,
    eventID: inout EventID
  ) -> (row: String?, event: String?) {
    let (line, number) = rows.line(of: item)
    guard let shape = shapes[number] else { return (nil, nil) }
    let isMove = index >= held.composition.ownCount
    let event = eventID.text(
      item.change,
      suffix: isMove ? 1 : 0,
      line: line,
      shape,
      primaryKey: primaryKey
    )
    return (KeyText.text(of: line, shape, primaryKey: primaryKey), event)
  }

  private func record(
    _ index: Int,
    of envelope: Envelope,
    item: RowsToSend.Item,
    held: Held,
    id: (row: String?, event: String?)
  ) -> MessageRecord {
    let message = envelope.messages[index]
    return MessageRecord(
      time: held.time,
      change: item.change,
      row: id.row,
      topic: envelope.topic(of: message),
      partition: Int(message.partition),
      offset: held.offsets[index],
      key: message.key.map { Self.start(of: envelope.bytes($0)) },
      eventID: id.event ?? "",
      headers: Self.headers(of: message, envelope),
      value: message.value.map { Self.start(of: envelope.bytes($0)) },
      valueSize: message.value?.count
    )
  }

  private static func start(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    Array(bytes.prefix(MessageRecord.byteCountMax))
  }

  private static func headers(of message: Envelope.Message, _ envelope: Envelope) -> String {
    var output = ByteBuffer()
    output.append("{")
    for header in envelope.headers[message.headers] {
      let name = envelope.headerNames[Int(header.name)]
      let value = envelope.bytes(header.value)
      if output.count + name.utf8.count + value.count > MessageRecord.byteCountMax { continue }
      if output.count > 1 { output.append(",") }
      output.append(quoted: name)
      output.append(":")
      if SecretName.isSecret(name) {
        output.append("\"***\"")
      } else {
        output.append(quoted: value)
      }
    }
    output.append("}")
    return output.text
  }
}

// One task delivers; it is handed over with its run.
extension RecentMessages: @unchecked Sendable {}
