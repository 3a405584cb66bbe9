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

  /// Hands messages over in order: those without headers many at a time.
  @inline(__always)
  func enqueue(
    _ indexes: some Collection<Int>,
    of contents: borrowing Envelope.Contents,
    in submission: Submission
  ) {
    // Taken out for the loop: each access through the actor costs a check.
    var arguments = ProduceArguments()
    swap(&arguments, &self.arguments)
    var batch = ProduceBatch()
    for index in indexes {
      let message = contents.messages[index]
      let opaque = InFlightBatches.opaque(serial: submission.serial, index: index)
      if message.headers.isEmpty {
        if !batch.takes(message.topic) { enqueue(&batch, in: submission) }
        batch.add(message, of: contents, opaque: opaque)
      } else {
        enqueue(&batch, in: submission)
        enqueue(message, opaque, of: contents, in: submission, with: &arguments)
      }
    }
    enqueue(&batch, in: submission)
    swap(&arguments, &self.arguments)
  }

  private func enqueue(_ batch: inout ProduceBatch, in submission: Submission) {
    if batch.count == 0 { return }
    guard let topic = submission.topics[Int(batch.topic)] else {
      return batch.drop { reject(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, $0) }
    }
    while true {
      batch.produce(to: topic) { reject($0, $1) }
      if batch.count == 0 { return }
      if interrupted || submission.deadline.isPast { return batch.drop { stop($0) } }
      serve(submission.client, waiting: 100)
    }
  }

  @inline(__always)
  private func enqueue(
    _ message: Envelope.Message,
    _ opaque: UInt,
    of contents: borrowing Envelope.Contents,
    in submission: Submission,
    with arguments: inout ProduceArguments
  ) {
    guard let topic = submission.topics[Int(message.topic)] else {
      return reject(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, opaque)
    }
    while true {
      let code = arguments.produce(
        message,
        of: contents,
        to: topic,
        of: submission.client.handle.pointer,
        opaque: opaque
      )
      if code == RD_KAFKA_RESP_ERR_NO_ERROR { return }
      guard code == RD_KAFKA_RESP_ERR__QUEUE_FULL else { return reject(code, opaque) }
      if interrupted || submission.deadline.isPast { return stop(opaque) }
      serve(submission.client, waiting: 100)
    }
  }
}
