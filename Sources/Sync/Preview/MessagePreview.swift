internal import Text
internal import Messages
internal import Reports
internal import Rows
internal import Settings

/// Makes the message of a single row without sending it, and says why it goes where it goes.
struct MessagePreview {
  /// What came out.
  enum Outcome {
    /// The message; before it the null value for the place that the row leaves.
    case message(InspectReport.Message, move: InspectReport.Message?, isMoved: Bool)
    case rejected(String)
    case unknownTopic(String)
  }

  /// As many partitions as a topic can have: where nobody tells, any number that is asked for fits.
  static func partitionsUnknown() -> Topics { Topics { _ in .count(Int(Int32.max)) } }

  let settings: MessageSettings
  /// Partitions of a topic; nil if nobody tells.
  let partitions: @Sendable (String) -> Int?

  /// Composes the only item of `rows`.
  func compose(_ rows: RowsToSend, with composer: Composer) -> Outcome {
    let envelope = Envelope()
    let composition = composer.compose(rows, into: envelope)
    if let rejected = composition.rejected.first { return .rejected(rejected.rejection.text) }
    if let unknown = composition.unknownTopics.first { return .unknownTopic(unknown.topic) }
    let messages = envelope.messages
    let isIgnored = composition.ignoredPartitions > 0
    guard let message = messages.first else { return .rejected("it leaves no message") }
    let move = messages.count > 1 ? messages.last : nil
    return .message(
      describe(message, in: envelope, isPartitionIgnored: isIgnored),
      move: move.map { describe($0, in: envelope, isPartitionIgnored: isIgnored) },
      isMoved: composition.moved > 0
    )
  }

  private func describe(
    _ message: Envelope.Message,
    in envelope: Envelope,
    isPartitionIgnored: Bool
  ) -> InspectReport.Message {
    let key = message.key.map(envelope.text)
    let topic = envelope.topic(of: message)
    let place = place(
      Int(message.partition),
      topic: topic,
      key: key,
      isIgnored: isPartitionIgnored
    )
    return InspectReport.Message(
      topic: topic,
      partition: place.partition,
      partitionReason: place.reason,
      key: key,
      headers: envelope.shownHeaders(of: message),
      value: message.value.map(envelope.text),
      valueBytes: message.value?.count ?? 0
    )
  }

  private func place(
    _ partition: Int,
    topic: String,
    key: String?,
    isIgnored: Bool
  ) -> (partition: Int?, reason: String) {
    if settings.partition != nil, !isIgnored { return (partition, "`partition` says so") }
    let known = partitions(topic)
    let prefix = isIgnored ? "`partition` gives no partition number; " : ""
    guard let key else {
      let count = known.map { "the topic's \($0) partitions" } ?? "the topic's partitions"
      return (nil, prefix + "without a key \(count) take turns")
    }
    if key.contains(EventID.placeholder) {
      return (nil, prefix + "murmur2 of the key, which is made when it is sent")
    }
    guard let known else {
      return (nil, prefix + "murmur2 of the key; how many partitions the topic has is not known")
    }
    return (partition, prefix + "murmur2 of the key, of \(known) partitions")
  }
}
