internal import Glibc

/// Ends waits for a server, from any thread: now and from then on.
public final class Wakeup: Sendable {
  private let readEnd: Int32
  private let writeEnd: Int32

  /// Waits until it is woken; if the system has no pipe left, waits are not ended early.
  public init() {
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) != 0 { ends = [-1, -1] }
    for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    for end in [readEnd, writeEnd] where end >= 0 { close(end) }
  }

  /// Ends every wait; to be called once.
  public func wake() {
    var byte: UInt8 = 1
    // Nobody reads it: the pipe stays readable.
    if writeEnd >= 0 { _ = write(writeEnd, &byte, 1) }
  }

  /// What ended a wait.
  enum Event {
    case ready
    case woken
    case timedOut
  }

  /// Waits until `socket` can be read (or written), up to `milliseconds`; -1 is without limit.
  func wait(for socket: Int32, toWrite: Bool = false, milliseconds: Int32 = -1) -> Event {
    var descriptors = [
      pollfd(fd: socket, events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0),
      pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&descriptors, 2, milliseconds)
    if descriptors[1].revents != 0, readEnd >= 0 { return .woken }
    if count == 0 { return .timedOut }
    // After a signal the caller looks at the connection and waits again.
    return .ready
  }
}
