import Synchronization
import TestSupport

@testable import KafkaProtocol

extension FakeBroker {
  /// A broker as old as Kafka 2.3, which knows ApiVersions 0 and Metadata 8, and no more; it answers
  /// Metadata with `metadata`, given its own port.
  static func old(_ metadata: @escaping @Sendable (Int) -> [UInt8]) -> FakeBroker? {
    let own = OwnPort()
    let broker = FakeBroker {
      { request in
        guard request.key == 18 else { return metadata(own.port.withLock { $0 }) }
        var answer = WireWriter()
        answer.int16(0)
        answer.int32(2)
        for number: Int16 in [3, 0, 8, 18, 0, 0] { answer.int16(number) }
        return answer.bytes
      }
    }
    own.port.withLock { $0 = broker?.port ?? 0 }
    return broker
  }

  /// A Metadata answer of version 8 with one broker, one topic and rights.
  static func metadata(host: String, port: Int) -> [UInt8] {
    var writer = WireWriter()
    writer.int32(0)
    writer.int32(1)
    writer.int32(7)
    writer.string(host)
    writer.int32(Int32(port))
    writer.int16(-1)
    writer.string("cluster")
    writer.int32(7)
    writer.int32(1)
    writer.int16(0)
    writer.string("topic")
    writer.bool(false)
    writer.int32(1)
    writer.int16(0)
    for number: Int32 in [0, 7, 3, 1, 7, 1, 7, 0] { writer.int32(number) }
    writer.int32(1 << 4 | 1 << 8)
    writer.int32(.min)
    return writer.bytes
  }
}

/// Written once, before anybody knows the port.
private final class OwnPort: Sendable {
  let port = Mutex(0)
}
