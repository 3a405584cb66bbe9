internal import Kafka
internal import Messages

/// Why a destination refuses one message, in words that name the setting to look at.
struct RefusalReason {
  /// What librdkafka or the broker said.
  let error: KafkaError
  /// The topic of the message.
  let topic: String
  /// Bytes of key, value and headers.
  let size: Int
  /// Whether the message has a key.
  let hasKey: Bool
  /// The topic's settings by Kafka's names; nil if the cluster does not tell.
  let settings: [String: String]?
  /// The client's own limit, `message.max.bytes`.
  let clientSizeMax: Int

  /// The settings that are asked for.
  private static let timestampNames = [
    "message.timestamp.before.max.ms", "message.timestamp.after.max.ms",
    "message.timestamp.difference.max.ms",
  ]

  /// The reason, the same for every message that meets this limit, and apart from it the size.
  var rejection: Rejection {
    switch error.refusal {
    case .size, .segment: Rejection(text, detail: "it has \(size) bytes")
    case .record, .timestamp, .format, .policy, nil: Rejection(text)
    }
  }

  /// What is wrong, which limit it is, and what to do.
  private var text: String {
    switch error.refusal {
    case .size: sizeText
    case .segment:
      "the message is larger than a segment of the topic '\(topic)' "
        + "(\(setting("segment.bytes")))"
    case .record: recordText
    case .timestamp:
      "the broker refuses the message's time, which is the clock of this machine: outside of the "
        + "limits of the topic '\(topic)' (\(timestampLimits))"
    case .format:
      "the topic '\(topic)' keeps an old message format without headers "
        + "(\(setting("message.format.version"))): raise it, or set `system_headers: none`"
    case .policy: "a policy of the cluster refuses the message: \(error.message)"
    case nil: error.message
    }
  }

  private var sizeText: String {
    if size > clientSizeMax {
      return "the message is larger than the client may send "
        + "(message.max.bytes=\(clientSizeMax)): raise it under `properties` of the destination"
    }
    return "the message is, with its framing, larger than the topic '\(topic)' accepts "
      + "(\(setting("max.message.bytes"))): raise it, or send less"
  }

  private var recordText: String {
    let isCompacted = settings?["cleanup.policy"].map { $0.contains("compact") }
    if !hasKey, isCompacted != false {
      let policy = settings?["cleanup.policy"].map { "cleanup.policy=\($0)" }
      return "the message has no key, and the topic '\(topic)' "
        + (policy.map { "is compacted (\($0))" } ?? "seems to be compacted")
        + ": every message there needs a key"
    }
    return "the broker's validation of records on the topic '\(topic)' refuses the message "
      + "(\(error.message)): look at the topic's validation settings and the broker's log"
  }

  /// `name=value`, or the name with a word that nobody told the value.
  private func setting(_ name: String) -> String {
    if let value = settings?[name] { return "\(name)=\(value)" }
    return "\(name), whose value the cluster does not tell"
  }

  private var timestampLimits: String {
    let known = Self.timestampNames.compactMap { name in
      settings?[name].map { "\(name)=\($0)" }
    }
    return known.isEmpty ? setting(Self.timestampNames[0]) : known.joined(separator: ", ")
  }
}
