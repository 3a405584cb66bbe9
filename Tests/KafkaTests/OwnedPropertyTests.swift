import Settings
import Testing

@testable import Kafka

@Suite struct OwnedPropertyTests {
  @Test(arguments: OwnedProperty.reasons.keys.sorted())
  func `librdkafka knows every setting that is refused by its name`(name: String) {
    #expect(KafkaSetting.problem(name, "x") != .unknown)
  }

  @Test func `what the producer sets over whatever is given cannot be given`() throws {
    var options = ProducerOptions()
    options.transactionalID = "id"
    options.messagesPerRequestMax = 1
    let free: Set<String> = [
      // Defaults, which a user may change.
      "linger.ms", "message.max.bytes", "socket.nagle.disable", "retry.backoff.ms",
    ]
    for name in options.complete([:]).keys where !free.contains(name) {
      #expect(OwnedProperty.reason(against: name) != nil, "\(name) can be set and is overwritten")
      #expect(throws: KafkaError.self) { try ProducerOptions.check(properties: [name: "1"]) }
    }
  }

  @Test(arguments: ["ssl.ca.location", "sasl.password", "queue.buffering.max.ms", "dr_cb"])
  func `a family of settings is refused as a whole`(name: String) {
    #expect(OwnedProperty.reason(against: name) != nil)
  }
}
