import Blocking
import CRdKafka
import Rows

/// How messages get into librdkafka.
extension KafkaProducer {
  /// What the messages of one call have in common.
  struct Submission {
    let serial: UInt32
    let client: ProducerClient
    let topics: [OpaquePointer?]
    let deadline: Deadline
  }

  /// How long reports may stay away until the window does not count: the caller then sees that
  /// nothing arrives, which it could not while this waits.
  private static let patience = Duration.milliseconds(250)

  /// Hands messages over in order, a few at a time, as the window has room.
  func enqueue(
    _ indexes: [Int],
    of contents: borrowing Envelope.Contents,
    in submission: Submission
  ) {
    var isStalled = false
    for start in stride(from: 0, to: indexes.count, by: ProduceBatch.capacity) {
      let next = indexes[start..<min(start + ProduceBatch.capacity, indexes.count)]
      let waited = !isStalled && held >= window.count
      if waited { isStalled = !awaitRoom(submission.client) }
      enqueue(next, of: contents, in: submission)
      window.note(added: next.count, waited: waited, now: .now)
    }
  }

  /// Waits until the window has room; false if nothing was reported for a while.
  private func awaitRoom(_ client: ProducerClient) -> Bool {
    var (least, deadline) = (held, Deadline(after: Self.patience))
    while held >= window.count, !interrupted {
      if deadline.isPast { return false }
      awaitReports(client)
      if held < least { (least, deadline) = (held, Deadline(after: Self.patience)) }
    }
    return true
  }

  /// Waits for reports, which make room.
  private func awaitReports(_ client: ProducerClient) {
    purgeSpoiledTransaction()
    serve(client, waiting: 100)
  }

  /// Hands over messages for which there is room: those without headers in one call.
  @inline(__always)
  private func enqueue(
    _ indexes: ArraySlice<Int>,
    of contents: borrowing Envelope.Contents,
    in submission: Submission
  ) {
    // Taken out for the loop: each access through the actor costs a check.
    var arguments = ProduceArguments()
    swap(&arguments, &self.arguments)
    var batch = ProduceBatch()
    var taken = 0
    for index in indexes {
      let message = contents.messages[index]
      let opaque = InFlightBatches.opaque(serial: submission.serial, index: index)
      if message.headers.isEmpty {
        if !batch.takes(message.topic) { taken += enqueue(&batch, in: submission) }
        batch.add(message, of: contents, opaque: opaque)
      } else {
        taken += enqueue(&batch, in: submission)
        taken += enqueue(message, opaque, of: contents, in: submission, with: &arguments) ? 1 : 0
      }
    }
    taken += enqueue(&batch, in: submission)
    held += taken
    swap(&arguments, &self.arguments)
  }

  /// Hands over a batch, which is empty afterwards, and returns how many messages were taken.
  private func enqueue(_ batch: inout ProduceBatch, in submission: Submission) -> Int {
    if batch.count == 0 { return 0 }
    guard let topic = submission.topics[Int(batch.topic)] else {
      batch.drop { reject(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, $0) }
      return 0
    }
    var taken = batch.produce(to: topic) { reject($0, $1) }
    while batch.count > 0 {
      if interrupted || submission.deadline.isPast {
        batch.drop { stop($0) }
      } else {
        awaitReports(submission.client)
        taken += batch.produce(to: topic) { reject($0, $1) }
      }
    }
    return taken
  }

  /// Hands over one message, and says whether it was taken.
  @inline(__always)
  private func enqueue(
    _ message: Envelope.Message,
    _ opaque: UInt,
    of contents: borrowing Envelope.Contents,
    in submission: Submission,
    with arguments: inout ProduceArguments
  ) -> Bool {
    guard let topic = submission.topics[Int(message.topic)] else {
      reject(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, opaque)
      return false
    }
    while true {
      let code = arguments.produce(
        message,
        of: contents,
        to: topic,
        of: submission.client.handle.pointer,
        opaque: opaque
      )
      if code == RD_KAFKA_RESP_ERR_NO_ERROR { return true }
      guard code == RD_KAFKA_RESP_ERR__QUEUE_FULL else {
        reject(code, opaque)
        return false
      }
      if interrupted || submission.deadline.isPast {
        stop(opaque)
        return false
      }
      awaitReports(submission.client)
    }
  }
}
