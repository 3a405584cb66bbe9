import Blocking
import Rows

/// The batches that librdkafka has, in the order in which they were submitted.
///
/// A message's opaque word is the serial of its submission and its index in the batch. Serials are
/// never used again (except after 4 billion submissions), so a late report of an abandoned batch
/// finds nothing to count for.
struct InFlightBatches {
  private struct Entry {
    let number: Int
    let selection: Selection
    let isIsolated: Bool
    /// Where the envelope waits once its messages were handed to librdkafka.
    var envelope: Handover<Envelope>?
    var offsets: Offsets
    var pending: Int
    var failures: [MessageFailure] = []
  }

  private var entries: [Entry] = []
  private var first: UInt32 = 1

  var isEmpty: Bool { entries.isEmpty }

  var isFirstSettled: Bool { entries.first.map { $0.pending == 0 } ?? false }

  /// How many messages are not settled yet.
  var pending: Int { entries.reduce(0) { $0 + $1.pending } }

  /// Adds a batch of `count` messages, of which those that `selection` picks are going to be settled.
  mutating func open(_ number: Int, count: Int, _ selection: Selection, isolated: Bool) -> UInt32 {
    entries.append(
      Entry(
        number: number,
        selection: selection,
        isIsolated: isolated,
        offsets: Offsets(count: count),
        pending: selection.count(of: count)
      )
    )
    return first &+ UInt32(truncatingIfNeeded: entries.count - 1)
  }

  /// Keeps the envelope of a submission until it is reported.
  mutating func keep(_ envelope: Handover<Envelope>, serial: UInt32) {
    entries[Int(serial &- first)].envelope = envelope
  }

  /// Notes that a message arrived.
  mutating func acknowledge(_ opaque: UInt, offset: Int64) {
    let position = position(of: opaque)
    guard position < entries.count else { return }
    entries[position].offsets.acknowledge(Int(opaque & 0xffff_ffff), offset: offset)
    entries[position].pending -= 1
  }

  /// Whether the message was sent alone in its request; nil for one of an abandoned batch.
  func isIsolated(_ opaque: UInt) -> Bool? {
    let position = position(of: opaque)
    return position < entries.count ? entries[position].isIsolated : nil
  }

  /// Notes that a message failed.
  mutating func fail(_ opaque: UInt, _ error: KafkaError, fate: MessageFailure.Fate) {
    let position = position(of: opaque)
    guard position < entries.count else { return }
    entries[position].failures.append(
      MessageFailure(index: Int(opaque & 0xffff_ffff), error: error, fate: fate)
    )
    entries[position].pending -= 1
  }

  /// Takes the settled batches from the front.
  mutating func takeSettled() -> [BatchReport] {
    take(entries.prefix { $0.pending == 0 }.count)
  }

  /// Takes every batch; of messages that are not settled nobody knows, because of `error`.
  ///
  /// What is reported about them later is ignored.
  mutating func takeAll(_ error: KafkaError) -> [BatchReport] {
    for index in entries.indices where entries[index].pending > 0 {
      let entry = entries[index]
      let failed = Set(entry.failures.map(\.index))
      for message in entry.selection.indexes(of: entry.offsets.count)
      where !entry.offsets.isAcknowledged(message) && !failed.contains(message) {
        entries[index].failures.append(
          MessageFailure(index: message, error: error, fate: .unknown)
        )
      }
    }
    return take(entries.count)
  }

  static func opaque(serial: UInt32, index: Int) -> UInt {
    UInt(serial) << 32 | UInt(index)
  }

  private mutating func take(_ count: Int) -> [BatchReport] {
    let reports = entries.prefix(count).compactMap { entry in
      entry.envelope.map { envelope in
        BatchReport(
          number: entry.number,
          envelope: envelope,
          offsets: entry.offsets,
          failures: entry.failures.sorted { $0.index < $1.index }
        )
      }
    }
    entries.removeFirst(count)
    first &+= UInt32(truncatingIfNeeded: count)
    return reports
  }

  @inline(__always) private func position(of opaque: UInt) -> Int {
    Int(UInt32(truncatingIfNeeded: opaque >> 32) &- first)
  }
}
