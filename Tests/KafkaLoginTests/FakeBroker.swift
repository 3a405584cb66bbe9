import Foundation

@testable import KafkaLogin

/// A broker as old as Kafka 2.3, which knows ApiVersions 0 and Metadata 8, and no more.
final class FakeBroker: Sendable {
  let port: Int
  private let socket: Int32

  /// Answers Metadata with `metadata`, given this broker's own port.
  init?(_ metadata: @escaping @Sendable (Int) -> [UInt8]) {
    socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = socket
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(socket, pointer, size) == 0 && listen(socket, 16) == 0
          && getsockname(socket, pointer, &size) == 0
      }
    }
    let port = Int(UInt16(bigEndian: address.sin_port))
    self.port = port
    guard isListening else { return nil }
    Thread.detachNewThread {
      while true {
        let client = accept(socket, nil, nil)
        guard client >= 0 else { break }
        Self.serve(client, metadata(port))
        close(client)
      }
      close(socket)
    }
  }

  deinit {
    shutdown(socket, Int32(SHUT_RDWR))
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

  private static func serve(_ client: Int32, _ metadata: [UInt8]) {
    while let request = frame(from: client) {
      var answer = WireWriter()
      if request[1] == 18 {
        answer.int16(0)
        answer.int32(2)
        for number: Int16 in [3, 0, 8, 18, 0, 0] { answer.int16(number) }
      }
      let body = request[1] == 18 ? answer.bytes : metadata
      var message = WireWriter()
      message.data(Array(request[4..<8]) + body)
      send(client, message.bytes, message.bytes.count, 0x4000)
    }
  }

  private static func frame(from client: Int32) -> [UInt8]? {
    guard let head = read(4, from: client) else { return nil }
    let count = head.reduce(0) { $0 << 8 | Int($1) }
    return count < 8 ? nil : read(count, from: client)
  }

  private static func read(_ count: Int, from client: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return recv(client, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
  }
}
