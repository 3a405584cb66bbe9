import TestSupport

/// A port of this machine that takes connections and says one thing, or nothing at all.
final class Listener: Sendable {
  let server: SocketServer
  var port: Int { server.port }

  init?(_ greeting: String? = nil) {
    let server = SocketServer { client in
      if let greeting { SocketServer.send(Array(greeting.utf8), to: client) }
      return false
    }
    guard let server else { return nil }
    self.server = server
  }
}
