import CRdKafka
import Testing

@testable import Kafka

@Suite struct MessageFailureFateTests {
  @Test(arguments: [
    RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
    RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
    RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE, RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT,
  ])
  func `what a broker says about a record blames it only when it was alone`(
    native: rd_kafka_resp_err_t
  ) {
    #expect(MessageFailure.Fate(reported: native, isolated: true) == .refused)
    #expect(MessageFailure.Fate(reported: native, isolated: false) == .refusedWithRequest)
  }

  @Test(arguments: [
    RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
    RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
  ])
  func `a topic or partition that is not there is named as such`(native: rd_kafka_resp_err_t) {
    #expect(MessageFailure.Fate(reported: native, isolated: false) == .unknownTopicOrPartition)
    #expect(KafkaError(native).code == .unknownTopic)
  }

  @Test(arguments: [
    RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR__AUTHENTICATION,
    RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  ])
  func `what did not arrive and would not stops the run`(native: rd_kafka_resp_err_t) {
    #expect(MessageFailure.Fate(reported: native, isolated: true) == .stopped)
  }

  @Test(arguments: [
    RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
    RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__FENCED,
    RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
    RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_UNKNOWN,
    RD_KAFKA_RESP_ERR__TRANSPORT, rd_kafka_resp_err_t(rawValue: 9999),
  ])
  func `whatever may have arrived is unknown`(native: rd_kafka_resp_err_t) {
    #expect(MessageFailure.Fate(reported: native, isolated: true) == .unknown)
  }

  @Test func `what librdkafka does not even take is sorted by what it did not like`() {
    #expect(
      MessageFailure.Fate(rejected: RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) == .refused
    )
    #expect(
      MessageFailure.Fate(rejected: RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
        == .unknownTopicOrPartition
    )
    #expect(MessageFailure.Fate(rejected: RD_KAFKA_RESP_ERR__FATAL) == .stopped)
    #expect(MessageFailure.Fate(rejected: RD_KAFKA_RESP_ERR__STATE) == .stopped)
  }
}
