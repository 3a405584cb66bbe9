import Foundation

/// A small HTTP server on a port of this machine that answers by a closure.
///
/// One connection at a time, one request a connection. A closure that gives nil leaves its client
/// waiting. It ends with the last reference.
public final class StandIn: Sendable {
  /// The port it listens on.
  public let port: Int
  private let listener: Int32

  /// Starts listening; nil when the system has no port.
  public init?(_ answer: @escaping @Sendable (String) -> String?) {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) == 0 && listen(listener, 16) == 0
          && getsockname(listener, pointer, &size) == 0
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    guard isListening else { return nil }
    Thread.detachNewThread { Self.serve(listener, answer) }
  }

  deinit {
    // Ends `accept` in the serving thread, which then closes it.
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private static func serve(_ listener: Int32, _ answer: (String) -> String?) {
    var waiting: [Int32] = []
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { break }
      guard let text = answer(request(from: client)) else {
        waiting.append(client)
        continue
      }
      _ = text.utf8CString.withUnsafeBytes { send(client, $0.baseAddress, $0.count - 1, 0x4000) }
      close(client)
    }
    for client in waiting { close(client) }
    close(listener)
  }

  /// Reads the head and as much of a body as it announces.
  private static func request(from client: Int32) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(client, &chunk, chunk.count, 0)
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
      let text = String(decoding: bytes, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n") else { continue }
      let head = text[..<end.lowerBound].lowercased()
      let announced = head.components(separatedBy: "content-length: ").dropFirst().first
      let length = announced.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
      if text[end.upperBound...].utf8.count >= length { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
