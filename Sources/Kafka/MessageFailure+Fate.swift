import CRdKafka

extension MessageFailure.Fate {
  /// Sorts the error of a delivery report.
  ///
  /// A broker refuses whole requests. So an answer that is about a record blames this message only
  /// when it was the only one of its request (`isolated`).
  init(reported native: rd_kafka_resp_err_t, isolated: Bool) {
    self =
      switch native {
      case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
        RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE, RD_KAFKA_RESP_ERR_INVALID_RECORD,
        RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT,
        RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
        isolated ? .refused : .refusedWithRequest
      case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
        RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
        .unknownTopicOrPartition
      case RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
        RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE,
        RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE,
        RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS:
        .stopped
      default:
        // Timed out, purged in flight, fatal, fenced, and whatever later brokers may say.
        .unknown
      }
  }

  /// Sorts what librdkafka says when it does not take a message at all.
  init(rejected native: rd_kafka_resp_err_t) {
    self =
      switch native {
      case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE: .refused
      case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        .unknownTopicOrPartition
      default: .stopped
      }
  }
}
