import CRdKafka

extension KafkaError {
  /// What about a message the broker, or librdkafka itself, does not accept.
  public enum Refusal: String, Sendable, Hashable, CaseIterable {
    /// It is larger than the topic or the client allows.
    case size
    /// It is larger than a segment of the topic.
    case segment
    /// The record is not valid for the topic: no key although it is compacted, or a rule of the
    /// broker's.
    case record
    /// Its time is outside of what the topic allows.
    case timestamp
    /// The topic's message format is too old for it.
    case format
    /// A policy of the cluster.
    case policy
  }

  /// What about a message is refused; nil if the error is about something else.
  public var refusal: Refusal? {
    switch rd_kafka_resp_err_t(rawValue: native) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE: .size
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: .segment
    case RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_MSG: .record
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP: .timestamp
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT: .format
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION: .policy
    default: nil
    }
  }
}
