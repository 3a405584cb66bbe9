import Foundation
import Settings
import Testing

@testable import KafkaProtocol

/// A TCP server that treats each connection in one of some ways.
private final class Peer: Sendable {
  enum Manner {
    /// Gives back what it gets, until the other side ends.
    case echo
    /// Says "bye", ends its side and keeps reading.
    case halfClose
    /// Breaks the connection at the first byte.
    case die
    /// Never reads.
    case deaf
  }

  let address: sockaddr_in
  private let listener: Int32
  private let live = Live()

  /// How many connections are being treated: each is a thread and a descriptor of the test's own.
  private final class Live: @unchecked Sendable {
    private let lock = NSLock()
    private var number = 0

    var count: Int { lock.withLock { number } }

    func change(by difference: Int) {
      lock.withLock { number += difference }
    }
  }

  var connections: Int { live.count }

  init(_ manner: Manner) {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    _ = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) + listen(listener, 1024)
          + getsockname(listener, pointer, &size)
      }
    }
    self.address = address
    Thread.detachNewThread { [live] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { break }
        live.change(by: 1)
        Thread.detachNewThread {
          Self.serve(client, manner)
          live.change(by: -1)
        }
      }
      close(listener)
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private static func serve(_ client: Int32, _ manner: Manner) {
    defer { close(client) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    switch manner {
    case .echo:
      while true {
        let count = recv(client, &bytes, bytes.count, 0)
        guard count > 0 else { return }
        var sent = 0
        while sent < count {
          let more = bytes.withUnsafeBytes {
            send(client, $0.baseAddress.map { $0 + sent }, count - sent, 0x4000)
          }
          guard more > 0 else { return }
          sent += more
        }
      }
    case .halfClose:
      send(client, "bye", 3, 0x4000)
      shutdown(client, Int32(SHUT_WR))
      while recv(client, &bytes, bytes.count, 0) > 0 {}
    case .die:
      _ = recv(client, &bytes, 1, 0)
      var hard = linger(l_onoff: 1, l_linger: 0)
      setsockopt(client, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    case .deaf:
      // 0x2000 is POLLRDHUP: the other side has ended.
      var waiting = pollfd(fd: client, events: 0x2000, revents: 0)
      _ = poll(&waiting, 1, 60_000)
    }
  }
}

@Suite(.serialized) struct RelayTests {
  private let relay: Relay
  private let login: ClusterLogin

  init() throws {
    login = try ClusterLogin(LoginSettings(brokers: [], tls: nil))
    relay = Relay(login)
  }

  private func connect(to peer: Peer) -> Int32 {
    let socket = relay.openSocket()
    var address = peer.address
    let code = withUnsafeBytes(of: &address) { bytes in
      relay.connect(socket, to: bytes, broker: "127.0.0.1:1/1")
    }
    #expect(code == 0)
    return socket
  }

  /// Reads until the end.
  private func rest(of socket: Int32) -> [UInt8] {
    var all: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(socket, &bytes, bytes.count, 0)
      guard count > 0 else { return all }
      all += bytes.prefix(count)
    }
  }

  @Test func `bytes pass both ways unchanged, however much there are`() {
    let peer = Peer(.echo)
    let socket = connect(to: peer)
    defer { close(socket) }
    let sent = (0..<8 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    Thread.detachNewThread {
      var start = 0
      while start < sent.count {
        let more = sent.withUnsafeBytes { bytes in
          send(socket, bytes.baseAddress.map { $0 + start }, min(bytes.count - start, 99_991), 0)
        }
        guard more > 0 else { return }
        start += more
      }
    }
    var received: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while received.count < sent.count {
      let count = recv(socket, &bytes, bytes.count, 0)
      guard count > 0 else { break }
      received += bytes.prefix(count)
    }
    #expect(received == sent)
  }

  @Test func `what a broker says before it ends its side arrives, then the end`() {
    let peer = Peer(.halfClose)
    let socket = connect(to: peer)
    defer { close(socket) }
    #expect(rest(of: socket) == Array("bye".utf8))
    withExtendedLifetime(peer) {}
  }

  @Test func `a dying broker ends the connection`() {
    let peer = Peer(.die)
    let socket = connect(to: peer)
    defer { close(socket) }
    send(socket, "x", 1, 0)
    #expect(rest(of: socket) == [])
    withExtendedLifetime(peer) {}
  }

  @Test func `a broker that is not there ends the connection and says why`() {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = UInt16(1).bigEndian
    let socket = relay.openSocket()
    defer { close(socket) }
    _ = withUnsafeBytes(of: &address) { bytes in
      relay.connect(socket, to: bytes, broker: "sasl_ssl://broker:9092/1")
    }
    #expect(rest(of: socket) == [])
    #expect(login.lastFailure?.code == .connection)
    #expect(login.lastFailure?.context == "broker:9092")
  }

  @Test func `thousands of connections leave no thread and no descriptor behind`() throws {
    let (echo, deaf) = (Peer(.echo), Peer(.deaf))
    let before = try usage()
    let filler = [UInt8](repeating: 1, count: 1 << 16)
    for number in 0..<10_000 {
      let socket = connect(to: number % 10 == 0 ? deaf : echo)
      // To a deaf broker as much as fits, so that the relay sits with full buffers.
      if number % 100 == 0 {
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
        for _ in 0..<200 where send(socket, filler, filler.count, 0x4000) < 0 { break }
      } else if number % 10 != 0 {
        send(socket, "x", 1, 0)
        var byte: UInt8 = 0
        #expect(recv(socket, &byte, 1, 0) == 1)
      }
      close(socket)
    }
    // The last ones may still be on their way out, and other tests use hundreds beside this one; if
    // one kind of connection left something, it would be a thousand at least. A deaf peer does not
    // even hear that it is over; its thread and descriptor are the test's own.
    let deadline = ContinuousClock.now + .seconds(300)
    while try usage().threads - deaf.connections > before.threads + 500,
      ContinuousClock.now < deadline
    { sched_yield() }
    let after = try usage()
    #expect(after.threads - deaf.connections <= before.threads + 500)
    #expect(after.descriptors - deaf.connections <= before.descriptors + 500)
    withExtendedLifetime(echo) {}
  }

  private func usage() throws -> (threads: Int, descriptors: Int) {
    let files = FileManager.default
    return (
      try files.contentsOfDirectory(atPath: "/proc/self/task").count,
      try files.contentsOfDirectory(atPath: "/proc/self/fd").count
    )
  }
}
