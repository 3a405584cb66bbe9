import Glibc
import Postgres
import TestSupport
import Testing

/// A server that ends a session while no query waits for it.
struct FarewellTests {
  /// A message of the protocol: its type, its length and its body.
  private static func message(_ type: Character, _ body: [UInt8]) -> [UInt8] {
    let length = UInt32(body.count + 4)
    return [type.asciiValue ?? 0] + withUnsafeBytes(of: length.bigEndian, Array.init) + body
  }

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

  /// The next message of a client, whose length stands after `skipped` bytes; nil at its end.
  private static func request(after skipped: Int, from client: Int32) -> [UInt8]? {
    guard let head = SocketServer.read(skipped + 4, from: client) else { return nil }
    let length = head.dropFirst(skipped).reduce(0) { $0 << 8 | Int($1) }
    return SocketServer.read(length - 4, from: client)
  }

  /// Lets anybody in, answers the first query, and ends the session in the same packet.
  private static func serve(_ client: Int32) -> Bool {
    defer { close(client) }
    let ready = message("Z", Array("I".utf8))
    guard request(after: 0, from: client) != nil else { return true }
    SocketServer.send(message("R", [0, 0, 0, 0]) + ready, to: client)
    guard request(after: 1, from: client) != nil else { return true }
    let fields = ["SFATAL", "VFATAL", "C25P03", "Mterminating connection due to idle time"]
    SocketServer.send(
      message("C", text("BEGIN")) + ready + message("E", fields.flatMap(text) + [0]),
      to: client
    )
    return true
  }

  @Test func `the server's reason is the error of the next query`() async throws {
    let server = try #require(SocketServer(Self.serve))
    let reader = try PostgresReader(parameters: [
      ("host", "127.0.0.1"), ("port", String(server.port)), ("user", "u"), ("dbname", "d"),
      ("sslmode", "disable"), ("gssencmode", "disable"),
    ])
    let error = await #expect(throws: PostgresError.self) { try await reader.prepare("SELECT 1") }
    #expect(error?.sqlState == "25P03", "\(String(describing: error))")
  }
}
