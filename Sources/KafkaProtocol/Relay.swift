import Blocking
import Glibc
import Settings
import Tracing

/// Makes librdkafka's connections: it gets one end of a socket pair and believes in a plaintext
/// broker, while a thread at the other end connects, does TLS, logs in and then passes bytes.
///
/// A thread and its descriptors end with the connection, whichever side ends it.
public final class Relay: Sendable {
  private let login: ClusterLogin
  private let monitor = Monitor()
  // Unsafe for the compiler only: every access holds `monitor`.
  nonisolated(unsafe) private var ends: [Int32: Int32] = [:]

  /// Creates a relay without connections.
  public init(_ login: ClusterLogin) {
    self.login = login
  }

  deinit {
    for end in ends.values { close(end) }
  }

  /// Makes the socket that librdkafka is to own; -1 (with `errno`) when there is none.
  public func openSocket() -> Int32 {
    var pair: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &pair) == 0 else { return -1 }
    let unused = monitor.withLock { ends.updateValue(pair[1], forKey: pair[0]) }
    // A socket of that number that librdkafka closed before it was connected.
    if let unused { close(unused) }
    return pair[0]
  }

  /// Starts the way to `address` behind `socket`; an `errno`, 0 for none.
  ///
  /// `broker` is librdkafka's name for it: `host:port` with or without `/number` and a protocol.
  public func connect(_ socket: Int32, to address: UnsafeRawBufferPointer, broker: String) -> Int32
  {
    guard let end = monitor.withLock({ ends.removeValue(forKey: socket) }) else { return EINVAL }
    let address = Address(copying: address)
    let name = Endpoint.name(of: broker)
    BlockingThread.start { [login] in
      defer { close(end) }
      do throws(LoginError) {
        let host = Endpoint(name).host
        let deadline = Deadline(after: login.settings.connectTimeout)
        let session = try login.connect(to: [address], host: host, name: name, before: deadline)
        login.note(nil)
        login.trace("relay", "\(name): librdkafka's bytes pass from now on")
        try RelayedConnection(local: end, remote: session.connection).run()
      } catch {
        login.note(error)
      }
    }
    return 0
  }
}
