internal import Blocking
internal import Messages
internal import Reports
internal import Rows
internal import State

/// A batch on its way: the messages made of it, and what became of each of its changes.
///
/// The delivery owns it. Its envelope is with the destination from ``envelopeToSubmit()`` until
/// ``take(_:)``; what the messages are about (``composition``) stays here meanwhile.
final class Shipment {
  /// What became of a change whose row keeps its old values in the snapshot.
  enum Failure: Hashable {
    /// It was left out before, or cannot be a message, or its topic does not exist.
    case leftOut
    /// The destination refused a message of it.
    case refused
  }

  /// Why a null value does not leave.
  enum Hold: Hashable {
    /// Another row's message stands at its place, or is on the way there.
    case placeTaken
    /// It would erase the message of another row of the snapshot: it never leaves.
    case wouldErase
  }

  /// The batch; without its lines once its messages are settled.
  private(set) var batch: DeliverableBatch
  /// What the messages are about; nil if there are none, and once they are settled.
  private(set) var composition: Composition?
  /// Names of the topics that messages may go to.
  private(set) var topics: [String] = []
  /// Those of its changes that are not delivered, by index.
  private(set) var failures: [Int: Failure] = [:]
  /// Null values that do not leave, by the index of their message.
  private(set) var holds: [Int: Hold] = [:]
  /// Offsets of the messages that the last report acknowledged.
  private(set) var offsets = Offsets(count: 0)
  var problems: [Problem] = []
  /// Where the envelope waits; empty while the destination has it.
  private var envelope: Handover<Envelope>?
  /// Its lines and messages, as long as it needs them.
  private var share: ByteBudget.Share?

  /// Begins without a message; its lines count in `budget`, and later its messages.
  ///
  /// Rows that an earlier attempt left out are left out again: the next scan finds them.
  init(_ batch: DeliverableBatch, in budget: ByteBudget = ByteBudget()) {
    self.batch = batch
    share = ByteBudget.Share(batch.byteCount, of: budget)
    for position in batch.undelivered { failures[position] = .leftOut }
  }

  /// Puts the messages in that `composition` describes.
  func load(_ envelope: sending Envelope, _ composition: Composition) {
    topics = envelope.topics
    self.envelope = Handover(envelope)
    self.composition = composition
    share?.grow(by: composition.byteCount)
  }

  // MARK: - The envelope

  /// Takes the envelope out for the destination, which hands it back in a report.
  func envelopeToSubmit() -> sending Envelope {
    // A batch that was believed to be sent and was not would be lost: better to stop here, and the
    // next run sends it.
    guard let envelope = envelope?.take() else {
      preconditionFailure("the destination has the envelope of batch \(batch.number)")
    }
    return envelope
  }

  /// Takes the envelope back.
  func take(_ report: DeliveryReport) {
    envelope = report.envelope
    offsets = report.offsets
  }

  /// Gives the envelope up when every message is settled, and its lines; nil if there is none.
  func unload() -> Handover<Envelope>? {
    defer { (envelope, composition) = (nil, nil) }
    batch = batch.withoutLines()
    share = nil
    return envelope
  }

  /// What a destination has to know of the message with `index` to say why it refused it.
  func outline(of index: Int) -> RefusedMessage {
    let envelope = envelopeToSubmit()
    let message = envelope.messages[index]
    let outline = RefusedMessage(
      topic: envelope.topic(of: message),
      byteCount: envelope.byteCount(of: message),
      hasKey: message.key != nil
    )
    self.envelope = Handover(envelope)
    return outline
  }

  /// Its messages as a pinned plan keeps them; nil if it has none.
  var pinned: [UInt8]? {
    guard let composition else { return nil }
    let erasing = holds.filter { $0.value == .wouldErase }.keys.sorted()
    let envelope = envelopeToSubmit()
    let content = PinnedMessages.Content(composition: composition, erasing: erasing)
    let bytes = PinnedMessages.bytes(content, of: envelope)
    self.envelope = Handover(envelope)
    return bytes
  }

  /// Whether a message goes to `topic`.
  func sends(to topic: String) -> Bool {
    guard composition != nil, let index = topics.firstIndex(of: topic) else { return false }
    let envelope = envelopeToSubmit()
    let sends = envelope.messages.contains { Int($0.topic) == index }
    self.envelope = Handover(envelope)
    return sends
  }

  // MARK: - What becomes of changes

  /// Notes that a change is not delivered; false if that was known.
  func fail(_ position: Int, _ failure: Failure) -> Bool {
    if failures[position] != nil { return false }
    failures[position] = failure
    return true
  }

  /// Notes that no change is delivered.
  func failAll() {
    for position in batch.changes.indices { _ = fail(position, .leftOut) }
  }

  /// Keeps null values from leaving.
  func hold(_ messages: some Sequence<Int>, _ hold: Hold) {
    for message in messages where holds[message] != .wouldErase { holds[message] = hold }
  }

  /// Another attempt begins: what stands where is asked again.
  func forgetPlaces() { holds = holds.filter { $0.value == .wouldErase } }

  /// Indexes of the changes that are not delivered: their rows stay as the snapshot has them.
  var undelivered: Set<Int> { Set(failures.keys) }

  var settlement: StateFile.Settlement {
    StateFile.Settlement(batch: batch, undelivered: undelivered)
  }

  var refusal: StateFile.Refusal {
    let refused = failures.filter { $0.value == .refused }
    return StateFile.Refusal(
      batch: batch,
      undelivered: undelivered,
      refused: Set(refused.keys)
    )
  }

  // MARK: - Which messages leave

  /// Bytes of its messages.
  var byteCount: Int { composition?.byteCount ?? 0 }

  /// Messages that arrive if the batch is committed as it is.
  var deliverableCount: Int {
    guard let composition else { return 0 }
    if failures.isEmpty, holds.isEmpty { return composition.messageCount }
    return (0..<composition.messageCount).count { isToBeSent($0, composition) }
  }

  /// Bytes of the messages that arrive if the batch is committed as it is, without the names of
  /// headers.
  var deliverableBytes: Int {
    guard let composition else { return 0 }
    if failures.isEmpty, holds.isEmpty { return composition.byteCount }
    guard let envelope = envelope?.take() else { return composition.byteCount }
    let left = envelope.messages.indices.filter { !isToBeSent($0, composition) }
      .reduce(0) { $0 + envelope.contentCount(of: envelope.messages[$1]) }
    self.envelope = Handover(envelope)
    return composition.byteCount - left
  }

  /// Indexes of the rows' own messages, except those of rejected rows.
  var ownMessages: [Int] {
    guard let composition else { return [] }
    return toBeSent(0..<composition.ownCount, composition)
  }

  /// Indexes of the last messages that leave, at most `countMax`, in order.
  func lastMessages(_ countMax: Int) -> [Int] {
    guard let composition else { return [] }
    var indexes: [Int] = []
    for index in (0..<composition.messageCount).reversed() where indexes.count < countMax {
      if isToBeSent(index, composition) { indexes.append(index) }
    }
    return indexes.reversed()
  }

  /// Indexes of the null values for places that rows leave, except those of rejected rows.
  var nullValues: [Int] {
    guard let composition else { return [] }
    return toBeSent(composition.ownCount..<composition.messageCount, composition)
  }

  /// The rows' own messages as they are submitted.
  var ownSelection: Selection {
    guard let composition, failures.isEmpty, !holds.values.contains(.wouldErase),
      composition.ownCount == composition.messageCount
    else {
      return .subset(ownMessages)
    }
    return .all
  }

  /// Position of the change that the message with `index` tells of.
  func position(of index: Int) -> Int? {
    composition.map { Int($0.positions[index]) }
  }

  /// Where the message with `index` goes; nil if nobody asks, and for one without a key.
  func place(of index: Int) -> Place? {
    guard let placements = composition?.placements, placements.indices.contains(index) else {
      return nil
    }
    return placements[index]?.place
  }

  /// Places where the rows' own messages stand once they arrived; none if nobody asks.
  var places: [Place] {
    guard let composition, !composition.placements.isEmpty else { return [] }
    return ownMessages.compactMap { index in
      composition.placements[index].flatMap { $0.isNullValue ? nil : $0.place }
    }
  }

  private func toBeSent(_ messages: Range<Int>, _ composition: Composition) -> [Int] {
    // Of most batches all are, and looking at each takes longer than handing it over.
    if failures.isEmpty, holds.isEmpty { return Array(messages) }
    return messages.filter { isToBeSent($0, composition) }
  }

  private func isToBeSent(_ index: Int, _ composition: Composition) -> Bool {
    failures[Int(composition.positions[index])] == nil && holds[index] == nil
  }
}
