import Glibc

/// A mutex with one condition, for threads that may block.
public final class Monitor: Sendable {
  // Unsafe for the compiler only: POSIX makes both safe to use from any thread.
  nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>

  /// Creates an unlocked monitor.
  public init() {
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` with the mutex held.
  ///
  /// Throws what `body` throws.
  public func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Waits for a signal.
  ///
  /// Only inside ``withLock(_:)``; may wake without one.
  public func wait() {
    pthread_cond_wait(condition, mutex)
  }

  /// Wakes one waiting thread.
  public func signal() {
    pthread_cond_signal(condition)
  }
}
