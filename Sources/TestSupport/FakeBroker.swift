import Foundation

/// A broker made of a closure, for what a real one does not do.
public final class FakeBroker: Sendable {
  /// One request as it came.
  public struct Request: Sendable {
    /// Which request, by Kafka's number.
    public var key: Int
    /// What follows the header (correlation id and client id included).
    public var body: [UInt8]
  }

  /// The port it listens on.
  public var port: Int { server.port }
  private let server: SocketServer

  /// Starts listening; `answer` gives what follows the correlation id, nil ends the connection.
  ///
  /// It makes one closure for each connection, which may remember what it was asked.
  public init?(_ makeAnswer: @escaping @Sendable () -> (Request) -> [UInt8]?) {
    let server = SocketServer { client in
      Thread.detachNewThread {
        Self.serve(client, makeAnswer())
        close(client)
      }
      return true
    }
    guard let server else { return nil }
    self.server = server
  }

  private static func serve(_ client: Int32, _ answer: (Request) -> [UInt8]?) {
    while let head = SocketServer.read(4, from: client) {
      let count = head.reduce(0) { $0 << 8 | Int($1) }
      guard (8...1 << 20).contains(count), let frame = SocketServer.read(count, from: client)
      else { return }
      let request = Request(key: Int(frame[0]) << 8 | Int(frame[1]), body: Array(frame[4...]))
      guard let body = answer(request) else { return }
      let message = Array(frame[4..<8]) + body
      SocketServer.send(integer(message.count) + message, to: client)
    }
  }

  /// Four bytes, the highest first, as lengths are written.
  public static func integer(_ number: Int) -> [UInt8] {
    withUnsafeBytes(of: Int32(number).bigEndian) { Array($0) }
  }
}

extension FakeBroker {
  /// A broker that logs in by SCRAM-SHA-256 and answers the client's first message with a nonce and
  /// `salted`, its last with `last`.
  public static func scram(salted: String, last: String = "") -> FakeBroker? {
    FakeBroker {
      var isFirst = true
      return { request in
        let mechanism = Array("SCRAM-SHA-256".utf8)
        if request.key == 17 {
          return [0, 0] + integer(1) + [0, UInt8(mechanism.count)] + mechanism
        }
        guard request.key == 36 else { return nil }
        let text = String(decoding: request.body, as: UTF8.self)
        let nonce = text.components(separatedBy: ",r=").last ?? ""
        let answer = Array((isFirst ? "r=\(nonce)x,\(salted)" : last).utf8)
        isFirst = false
        // No error, no message; no end of the session.
        return [0, 0, 255, 255] + integer(answer.count) + answer + integer(0) + integer(0)
      }
    }
  }
}
