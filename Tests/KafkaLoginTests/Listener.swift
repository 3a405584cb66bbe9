import Foundation

/// A port of this machine that takes connections and says one thing, or nothing at all.
final class Listener: Sendable {
  let port: Int
  private let socket: Int32

  init?(_ greeting: String? = nil) {
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
    port = Int(UInt16(bigEndian: address.sin_port))
    guard isListening else { return nil }
    Thread.detachNewThread {
      var clients: [Int32] = []
      while true {
        let client = accept(socket, nil, nil)
        guard client >= 0 else { break }
        clients.append(client)
        if let greeting { send(client, greeting, greeting.utf8.count, 0x4000) }
      }
      for client in clients { close(client) }
      close(socket)
    }
  }

  deinit {
    shutdown(socket, Int32(SHUT_RDWR))
  }
}
