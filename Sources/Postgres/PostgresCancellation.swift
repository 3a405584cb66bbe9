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

  /// Asks the server; blocks for as long as it takes to connect to it.
  ///
  /// Returns false where the request could not be delivered.
  @discardableResult
  public func cancel() -> Bool {
    var text = [CChar](repeating: 0, count: 256)
    return PQcancel(pointer, &text, Int32(text.count)) == 1
  }
}
