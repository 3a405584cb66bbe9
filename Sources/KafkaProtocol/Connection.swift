import Blocking
import Glibc

/// Sole owner of one connected, non-blocking socket, with or without TLS.
final class Connection {
  /// What came of an attempt to read or write.
  enum Progress {
    case bytes(Int)
    case wantsToRead
    case wantsToWrite
    case ended
  }

  let socket: Int32
  /// `host:port`, for errors.
  let name: String
  private(set) var tls: TLSSession?

  /// Takes ownership of `socket`.
  init(socket: Int32, name: String) {
    self.socket = socket
    self.name = name
  }

  deinit {
    tls = nil
    close(socket)
  }

  /// Connects to the first of `addresses` that answers.
  static func open(
    _ addresses: [Address],
    name: String,
    before deadline: Deadline
  ) throws(LoginError) -> Connection {
    var failure = LoginError(.nameResolution, "no address", context: name)
    for address in addresses {
      do {
        return Connection(socket: try connect(to: address, before: deadline), name: name)
      } catch {
        failure = error.at(name)
        if deadline.isPast { break }
      }
    }
    throw failure
  }

  /// Agrees on TLS and checks the certificate against `host`.
  func startTLS(
    _ context: TLSContext,
    host: String,
    before deadline: Deadline
  ) throws(LoginError) {
    do {
      let session = try TLSSession(context, socket: socket, host: host)
      tls = session
      try session.shakeHands(before: deadline)
    } catch {
      throw error.at(name)
    }
  }

  /// Reads what is there without waiting.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LoginError) -> Progress {
    if let tls { return try tls.read(into: buffer) }
    let count = recv(socket, buffer.baseAddress, buffer.count, 0)
    if count > 0 { return .bytes(count) }
    if count == 0 { return .ended }
    if errno == EAGAIN || errno == EINTR { return .wantsToRead }
    throw LoginError(.closed, SystemError.text(), context: name)
  }

  /// Writes what the system takes without waiting.
  func write(_ buffer: UnsafeRawBufferPointer) throws(LoginError) -> Progress {
    if let tls { return try tls.write(buffer) }
    let count = send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    if count >= 0 { return .bytes(count) }
    if errno == EAGAIN || errno == EINTR { return .wantsToWrite }
    throw LoginError(.closed, SystemError.text(), context: name)
  }

  /// Writes everything.
  func write(all bytes: [UInt8], before deadline: Deadline) throws(LoginError) {
    var start = 0
    while start < bytes.count {
      let attempt = bytes.withUnsafeBytes { buffer in
        Result { () throws(LoginError) in
          try write(UnsafeRawBufferPointer(rebasing: buffer[start...]))
        }
      }
      let progress = try attempt.get()
      if case .bytes(let count) = progress { start += count } else { try wait(progress, deadline) }
    }
  }

  /// Reads exactly `count` bytes.
  func read(exactly count: Int, before deadline: Deadline) throws(LoginError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let attempt = bytes.withUnsafeMutableBytes { buffer in
        Result { () throws(LoginError) in
          try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        }
      }
      let progress = try attempt.get()
      if case .bytes(let more) = progress { filled += more } else { try wait(progress, deadline) }
    }
    return bytes
  }

  private func wait(_ progress: Progress, _ deadline: Deadline) throws(LoginError) {
    switch progress {
    case .bytes: return
    case .ended: throw LoginError(.closed, "the broker closed the connection", context: name)
    case .wantsToRead: try Self.wait(socket, event: POLLIN, name: name, deadline: deadline)
    case .wantsToWrite: try Self.wait(socket, event: POLLOUT, name: name, deadline: deadline)
    }
  }

  static func wait(
    _ socket: Int32,
    event: Int32,
    name: String,
    deadline: Deadline
  ) throws(LoginError) {
    var waiting = pollfd(fd: socket, events: Int16(event), revents: 0)
    while true {
      let count = poll(&waiting, 1, deadline.milliseconds())
      if count > 0 { return }
      if count == 0 || errno != EINTR {
        throw LoginError(.timedOut, "no answer in time", context: name)
      }
    }
  }

  private static func connect(
    to address: Address,
    before deadline: Deadline
  ) throws(LoginError) -> Int32 {
    let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let socket = Glibc.socket(address.family, flags, 0)
    guard socket >= 0 else { throw LoginError(.connection, SystemError.text()) }
    do {
      try finish(socket, address: address, deadline: deadline)
      return socket
    } catch {
      close(socket)
      throw error
    }
  }

  private static func finish(
    _ socket: Int32,
    address: Address,
    deadline: Deadline
  ) throws(LoginError) {
    var on: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, 4)
    let code = address.bytes.withUnsafeBytes { raw in
      let pointer = raw.assumingMemoryBound(to: sockaddr.self).baseAddress
      return Glibc.connect(socket, pointer, socklen_t(raw.count))
    }
    if code == 0 { return }
    var reason = errno
    if reason == EINPROGRESS {
      try wait(socket, event: POLLOUT, name: "", deadline: deadline)
      var size = socklen_t(4)
      getsockopt(socket, SOL_SOCKET, SO_ERROR, &reason, &size)
    }
    guard reason != 0 else { return }
    throw LoginError(
      .connection,
      "no TCP connection to \(address.text): \(SystemError.text(reason))",
      hint: "is the port right, and does a firewall let it through?"
    )
  }
}
