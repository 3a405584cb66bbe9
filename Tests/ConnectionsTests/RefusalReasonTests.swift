import Kafka
import Messages
import Testing

@testable import Connections

@Suite struct RefusalReasonTests {
  private func reason(
    _ code: Int32,
    size: Int = 3000,
    hasKey: Bool = true,
    _ settings: [String: String]?
  ) -> String {
    RefusalReason(
      error: KafkaError(code: .broker, message: "Broker: words", native: code),
      topic: "t",
      size: size,
      hasKey: hasKey,
      settings: settings,
      clientSizeMax: 16_000
    ).rejection.text
  }

  @Test func `a message that is too large names the limit, its value and the size`() {
    let topic = reason(10, ["max.message.bytes": "2000"])
    #expect(topic.contains("3000 bytes") && topic.contains("max.message.bytes=2000"))
    let client = reason(10, size: 20_000, ["max.message.bytes": "2000"])
    #expect(client.contains("message.max.bytes=16000") && client.contains("properties"))
    #expect(reason(10, nil).contains("the cluster does not tell"))
    #expect(reason(18, ["segment.bytes": "1000"]).contains("segment.bytes=1000"))
  }

  @Test func `an invalid record is a missing key or a rule of the broker`() {
    let compacted = reason(87, hasKey: false, ["cleanup.policy": "compact,delete"])
    #expect(compacted.contains("no key") && compacted.contains("cleanup.policy=compact,delete"))
    #expect(reason(87, hasKey: true, ["cleanup.policy": "compact"]).contains("validation"))
    #expect(reason(87, hasKey: false, ["cleanup.policy": "delete"]).contains("validation"))
  }

  @Test func `times, formats and policies name their settings, anything else the broker's words`() {
    let times = reason(32, ["message.timestamp.before.max.ms": "1000"])
    #expect(times.contains("message.timestamp.before.max.ms=1000"))
    #expect(reason(43, ["message.format.version": "0.10"]).contains("message.format.version=0.10"))
    #expect(reason(44, nil).contains("policy"))
    #expect(reason(1, nil) == "Broker: words")
  }
}
