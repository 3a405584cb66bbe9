import Kafka
import Blocking
import Reports
import Rows
import Settings
import Testing

@testable import Connections
@testable import Sync

/// What Kafka says, in the engine's words.
@Suite struct DeliveryFailureTests {
  @Test(
    arguments: [
      (.setting, true), (.tls, true), (.authentication, true), (.authorization, true),
      (.unsupported, true), (.interrupted, true), (.unreachable, false), (.timedOut, false),
      (.unknownTopic, false), (.abortable, false), (.fenced, false), (.fatal, false),
      (.outcomeUnknown, false), (.broker, false),
    ] as [(KafkaError.Code, Bool)]
  )
  func `only what another attempt would meet again ends the attempts`(
    code: KafkaError.Code,
    isFinal: Bool
  ) {
    #expect(DeliveryFailure(KafkaError(code: code, message: "words")).isFinal == isFinal)
  }

  @Test func `the error of Kafka is kept, to be explained later`() {
    let error = KafkaError(code: .broker, message: "words", context: "commit", native: 87)
    let failure = DeliveryFailure(error)
    #expect(failure.kafkaError == error)
    #expect(failure.message == "words")
  }

  /// `RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED`, which librdkafka makes fatal.
  @Test(arguments: [KafkaError.Code.fatal, .abortable, .outcomeUnknown, .authorization])
  func `a right that is missing is told as one, whatever it made of the producer`(
    code: KafkaError.Code
  ) {
    let error = KafkaError(code: code, message: "words", native: 53)
    let told = KafkaDestination.runError(error, "events")
    #expect(told.kind == .destinationRights && told.cause == .destination)
    #expect(told.hint?.contains("which right is missing") == true)
    let other = KafkaError(code: code, message: "words", native: 87)
    #expect(
      (KafkaDestination.runError(other, "events").kind == .destinationRights)
        == (code == .authorization)
    )
  }

  @Test func `a report hands on its batch and each failure with its fate`() {
    let envelope = Handover(Envelope())
    var offsets = Offsets(count: 2)
    offsets.acknowledge(1, offset: 41)
    let fates: [MessageFailure.Fate] = MessageFailure.Fate.allCases
    let failures = fates.enumerated().map { index, fate in
      MessageFailure(index: index, error: KafkaError(code: .broker, message: "x"), fate: fate)
    }
    let report = DeliveryReport(
      BatchReport(number: 7, envelope: envelope, offsets: offsets, failures: failures)
    )
    #expect(report.number == 7 && report.envelope === envelope)
    #expect(report.offsets[0] == nil && report.offsets[1] == 41)
    #expect(report.failures.map(\.index) == Array(fates.indices))
    #expect(report.failures.map(\.fate.rawValue) == fates.map(\.rawValue))
  }
}
