import Foundation

/// A TCP port of this machine whose connections go to a closure.
///
/// It ends with the last reference.
public final class SocketServer: Sendable {
  /// The port it listens on.
  public let port: Int
  private let listener: Int32

  /// Starts listening; nil when the system has no port.
  ///
  /// `serve` gets each connection on the one thread that accepts them, and owns it unless it gives
  /// false: such a connection stays open, and says nothing more, until the server ends.
  public init?(_ serve: @escaping @Sendable (Int32) -> Bool) {
    guard let (listener, port) = Self.listen(backlog: 64) else { return nil }
    self.listener = listener
    self.port = port
    Thread.detachNewThread {
      var waiting: [Int32] = []
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { break }
        if !serve(client) { waiting.append(client) }
      }
      for client in waiting { close(client) }
      close(listener)
    }
  }

  deinit {
    // Ends `accept` in the serving thread, which then closes it.
    shutdown(listener, Int32(SHUT_RDWR))
  }

  /// Sends all of `bytes`.
  public static func send(_ bytes: [UInt8], to client: Int32) {
    _ = Foundation.send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// Reads exactly `count` bytes; nil when the other side ends before.
  public static func read(_ count: Int, from client: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return recv(client, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
  }

  static func listen(backlog: Int32) -> (socket: Int32, port: Int)? {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) == 0 && Foundation.listen(listener, backlog) == 0
          && getsockname(listener, pointer, &size) == 0
      }
    }
    if isListening { return (listener, Int(UInt16(bigEndian: address.sin_port))) }
    close(listener)
    return nil
  }

  static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }
}

/// A TCP port of this machine that answers no attempt to connect, as behind a firewall that drops.
///
/// Its queue of connections that nobody accepts is full, so the system leaves others waiting.
public final class BlackHole: Sendable {
  /// The port.
  public let port: Int
  private let sockets: [Int32]

  /// Opens the port; nil when the system has none.
  public init?() {
    guard let (listener, port) = SocketServer.listen(backlog: 0) else { return nil }
    self.port = port
    var sockets = [listener]
    for _ in 0..<4 {
      let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
      var address = SocketServer.loopback(port: port)
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          _ = connect(client, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      sockets.append(client)
    }
    self.sockets = sockets
  }

  deinit {
    for socket in sockets { close(socket) }
  }
}
