import Kafka
import Blocking
import Rows
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
