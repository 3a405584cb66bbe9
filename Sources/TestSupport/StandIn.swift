import Foundation

/// A small HTTP server on a port of this machine that answers by a closure.
///
/// One connection at a time, one request a connection. A closure that gives nil leaves its client
/// waiting. It ends with the last reference.
public final class StandIn: Sendable {
  /// The port it listens on.
  public var port: Int { server.port }
  private let server: SocketServer

  /// Starts listening; nil when the system has no port.
  public init?(_ answer: @escaping @Sendable (String) -> String?) {
    let server = SocketServer { client in
      guard let text = answer(Self.request(from: client)) else { return false }
      SocketServer.send(Array(text.utf8), to: client)
      close(client)
      return true
    }
    guard let server else { return nil }
    self.server = server
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
