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
    var composed: ComposedBatch
    var undelivered: Set<Int>
    var withheld: Set<Int>
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

  /// Takes note of the messages `composed` of a batch, which were acknowledged.
  ///
  /// Returns the composed batches that are free for others again.
  func keep(_ outgoing: OutgoingBatch, _ composed: ComposedBatch) -> [ComposedBatch] {
    guard countMax > 0 else { return [composed] }
    let undelivered = outgoing.undelivered
    let last = Held(
      batch: outgoing.batch,
      composed: composed,
      undelivered: undelivered,
      withheld: outgoing.withheld.union(outgoing.erasing),
      time: WallClock.microseconds()
    )
    if composed.positions.count - undelivered.count >= countMax {
      defer { held = last }
      records = []
      return held.map { [$0.composed] } ?? []
    }
    var free = [composed]
    if let held { free.append(held.composed) }
    readHeld()
    read(last)
    if records.count >= 2 * countMax { records.removeFirst(records.count - countMax) }
    return free
  }

  /// The messages, in the order in which they were sent.
  func takeRecords() -> [MessageRecord] {
    readHeld()
    defer { records = [] }
    return records.suffix(countMax)
  }

  private func readHeld() {
    guard let held else { return }
    self.held = nil
    read(held)
  }

  private func read(_ held: Held) {
    var indexes: [Int] = []
    let positions = held.composed.positions
    for index in positions.indices.reversed() where indexes.count < countMax {
      if held.withheld.contains(index) { continue }
      if !held.undelivered.contains(Int(positions[index])) { indexes.append(index) }
    }
    let rows = RowsToSend(held.batch)
    let items = Dictionary(rows.items.map { ($0.position, $0) }) { first, _ in first }
    var eventID = EventID(stateID: stateID)
    eventID.begin(token: rows.token)
    for index in indexes.reversed() {
      guard let item = items[positions[index]] else { continue }
      records.append(record(index, item: item, rows: rows, held: held, eventID: &eventID))
    }
  }

  private func record(
    _ index: Int,
    item: RowsToSend.Item,
    rows: RowsToSend,
    held: Held,
    eventID: inout EventID
  ) -> MessageRecord {
    let (line, number) = rows.line(of: item)
    let shape = shapes[number]
    let batch = held.composed.messages
    let message = batch.messages[index]
    let isMove = index >= held.composed.ownCount
    let id = shape.flatMap {
      eventID.text(
        item.change,
        suffix: isMove ? 1 : 0,
        line: line,
        $0,
        primaryKey: primaryKey
      )
    }
    return MessageRecord(
      time: held.time,
      change: item.change,
      row: shape.flatMap { KeyText.text(of: line, $0, primaryKey: primaryKey) },
      topic: batch.topics[Int(message.topic)],
      partition: Int(message.partition),
      offset: message.offset < 0 ? nil : Int(message.offset),
      key: message.key.map { Self.start(of: batch.bytes.bytes($0)) },
      eventID: id ?? "",
      headers: Self.headers(of: message, batch),
      value: message.value.map { Self.start(of: batch.bytes.bytes($0)) },
      valueSize: message.value?.count
    )
  }

  private static func start(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    Array(bytes.prefix(MessageRecord.byteCountMax))
  }

  private static func headers(of message: MessageBatch.Message, _ batch: MessageBatch) -> String {
    var output = ByteBuffer()
    output.append("{")
    for header in batch.headers[message.headers] {
      let name = batch.headerNames[Int(header.name)]
      let value = batch.bytes.bytes(header.value)
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
