import Rows

/// The batches that librdkafka has, in the order in which they were submitted.
///
/// A message's opaque word is the serial of its submission and its index in the batch. Serials are
/// never used again (but after 4 billion submissions), so a late report of an abandoned batch finds
/// nothing to count for.
struct InFlightBatches {
  private struct Entry {
    let number: Int
    let batch: MessageBatch
    let isIsolated: Bool
    var pending: Int
    var failures: [MessageFailure] = []
  }

  private var entries: [Entry] = []
  private var first: UInt32 = 1

  var isEmpty: Bool { entries.isEmpty }

  var isFirstSettled: Bool { entries.first.map { $0.pending == 0 } ?? false }

  /// How many messages are not settled yet.
  var pending: Int { entries.reduce(0) { $0 + $1.pending } }

  /// Adds `batch`, of which `count` messages are going to be settled.
  mutating func open(_ batch: MessageBatch, number: Int, count: Int, isolated: Bool) -> UInt32 {
    entries.append(Entry(number: number, batch: batch, isIsolated: isolated, pending: count))
    return first &+ UInt32(truncatingIfNeeded: entries.count - 1)
  }

  /// Notes that a message arrived.
  mutating func acknowledge(_ opaque: UInt, offset: Int64) {
    let position = position(of: opaque)
    guard position < entries.count else { return }
    let index = Int(opaque & 0xffff_ffff)
    entries[position].batch.messages[index].offset = offset
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
    let settled = entries.prefix { $0.pending == 0 }
    let reports = settled.map { entry in
      BatchReport(
        number: entry.number,
        batch: entry.batch,
        failures: entry.failures.sorted { $0.index < $1.index }
      )
    }
    forget(settled.count)
    return reports
  }

  /// Forgets every batch; what is reported about them later is ignored.
  mutating func forgetAll() {
    forget(entries.count)
  }

  static func opaque(serial: UInt32, index: Int) -> UInt {
    UInt(serial) << 32 | UInt(index)
  }

  private mutating func forget(_ count: Int) {
    entries.removeFirst(count)
    first &+= UInt32(truncatingIfNeeded: count)
  }

  @inline(__always) private func position(of opaque: UInt) -> Int {
    Int(UInt32(truncatingIfNeeded: opaque >> 32) &- first)
  }
}
