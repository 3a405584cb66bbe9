internal import Blocking
internal import CPostgres

/// Asks a server to stop the query of one connection.
public final class PostgresCancellation: Sendable {
  // Unsafe for the compiler only: libpq lets any thread use a PGcancel, also after its connection
  // is gone, and nothing writes it after `init`.
  nonisolated(unsafe) private let pointer: OpaquePointer?

  init(of connection: borrowing ConnectionHandle) {
    pointer = PQgetCancel(connection.pointer)
  }

  deinit {
    PQfreeCancel(pointer)
  }

  /// Asks the server on a thread of its own, and wakes the one that waits for it if the query has not
  /// ended (`ended` was not woken) within a second: a server that is frozen answers nobody.
  public func cancel(_ wakeup: Wakeup, unless ended: Wakeup) {
    BlockingThread.start { self.cancel() }
    BlockingThread.start {
      _ = ended.wait(for: -1, milliseconds: 1000)
      wakeup.wake()
    }
  }

  /// Asks the server; blocks for as long as it takes to connect to it.
  ///
  /// Returns false if the request could not be delivered.
  @discardableResult
  public func cancel() -> Bool {
    var text = [CChar](repeating: 0, count: 256)
    return PQcancel(pointer, &text, Int32(text.count)) == 1
  }
}
