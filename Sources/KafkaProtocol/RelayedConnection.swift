import Glibc

/// Passes bytes between a local socket and a logged-in connection until one of them ends.
final class RelayedConnection {
  private let local: Int32
  private let remote: Connection
  private var upward = Pipe()
  private var downward = Pipe()
  private var waitsToWriteRemote = false
  private var remoteReadWantsToWrite = false
  private var isRemoteAtEnd = false

  /// A buffer that one side fills and the other empties.
  private struct Pipe: ~Copyable {
    private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var start = 0
    private var end = 0

    deinit {
      bytes.deallocate()
    }

    var isEmpty: Bool { start == end }
    var hasRoom: Bool { end < bytes.count }
    var content: UnsafeRawBufferPointer { .init(rebasing: bytes[start..<end]) }
    var room: UnsafeMutableRawBufferPointer { .init(rebasing: bytes[end...]) }

    mutating func filled(_ count: Int) { end += count }

    mutating func emptied(_ count: Int) {
      start += count
      if start == end { (start, end) = (0, 0) }
    }
  }

  /// Borrows `local`, which the caller closes.
  init(local: Int32, remote: Connection) {
    self.local = local
    self.remote = remote
    _ = fcntl(local, F_SETFL, O_NONBLOCK)
  }

  func run() throws(LoginError) {
    while true {
      var moved = try readRemote()
      moved = writeLocal() || moved
      if isRemoteAtEnd, downward.isEmpty { return }
      switch readLocal() {
      case .ended: return
      case .bytes: moved = true
      case .wantsToRead, .wantsToWrite: break
      }
      moved = try writeRemote() || moved
      guard !moved else { continue }
      guard wait() else { return }
    }
  }

  private func readRemote() throws(LoginError) -> Bool {
    guard downward.hasRoom, !isRemoteAtEnd else { return false }
    remoteReadWantsToWrite = false
    switch try remote.read(into: downward.room) {
    case .bytes(let count):
      downward.filled(count)
      return true
    case .ended: isRemoteAtEnd = true
    case .wantsToRead: break
    case .wantsToWrite: remoteReadWantsToWrite = true
    }
    return false
  }

  private func writeRemote() throws(LoginError) -> Bool {
    waitsToWriteRemote = false
    guard !upward.isEmpty, !isRemoteAtEnd else { return false }
    switch try remote.write(upward.content) {
    case .bytes(let count):
      upward.emptied(count)
      return true
    case .ended: isRemoteAtEnd = true
    case .wantsToRead: break
    case .wantsToWrite: waitsToWriteRemote = true
    }
    return false
  }

  private func readLocal() -> Connection.Progress {
    guard upward.hasRoom else { return .wantsToWrite }
    let room = upward.room
    let count = recv(local, room.baseAddress, room.count, 0)
    if count > 0 {
      upward.filled(count)
      return .bytes(count)
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .wantsToRead : .ended
  }

  private func writeLocal() -> Bool {
    guard !downward.isEmpty else { return false }
    let content = downward.content
    let count = send(local, content.baseAddress, content.count, Int32(MSG_NOSIGNAL))
    guard count > 0 else { return false }
    downward.emptied(count)
    return true
  }

  /// Waits until something can move; false when librdkafka has closed its end.
  private func wait() -> Bool {
    var here: Int32 = 0
    if upward.hasRoom { here |= POLLIN }
    if !downward.isEmpty { here |= POLLOUT }
    var there: Int32 = 0
    if downward.hasRoom { there |= POLLIN }
    if waitsToWriteRemote || remoteReadWantsToWrite { there |= POLLOUT }
    var sockets = [
      pollfd(fd: local, events: Int16(here), revents: 0),
      // A negative descriptor is passed over: there is nothing more to come from there.
      pollfd(fd: isRemoteAtEnd ? -1 : remote.socket, events: Int16(there), revents: 0),
    ]
    // An hour, though nothing is lost by looking again: librdkafka closes idle connections itself.
    while poll(&sockets, 2, 3_600_000) < 0 { if errno != EINTR { return false } }
    return Int32(sockets[0].revents) & (POLLHUP | POLLERR | POLLNVAL) == 0
  }
}
