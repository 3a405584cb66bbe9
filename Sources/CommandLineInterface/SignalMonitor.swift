import Glibc

/// Turns SIGINT and SIGTERM into one call; a second signal ends the process at once.
///
/// Signals are taken by a thread of their own, not by a handler: whatever the call does is allowed
/// there. To be started before other threads are made, since they inherit the blocked signals.
public enum SignalMonitor {
  /// Calls `first` on the monitor's thread when the first signal comes, with the code to end with.
  ///
  /// False when the system gives no thread; then signals end the process as they always do.
  @discardableResult
  public static func start(_ first: @escaping @Sendable (ExitCode) -> Void) -> Bool {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    guard pthread_sigmask(SIG_BLOCK, &signals, nil) == 0 else { return false }
    let handler = Handler(signals: signals, first: first)
    let pointer = Unmanaged.passRetained(handler).toOpaque()
    var thread = pthread_t()
    let code = pthread_create(
      &thread,
      nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Handler>.fromOpaque(pointer).takeRetainedValue().waitForSignals()
        return nil
      },
      pointer
    )
    guard code == 0 else {
      Unmanaged<Handler>.fromOpaque(pointer).release()
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      return false
    }
    pthread_detach(thread)
    return true
  }

  private final class Handler: Sendable {
    private let signals: sigset_t
    private let first: @Sendable (ExitCode) -> Void

    init(signals: sigset_t, first: @escaping @Sendable (ExitCode) -> Void) {
      self.signals = signals
      self.first = first
    }

    func waitForSignals() {
      first(code(of: next()))
      _exit(code(of: next()).rawValue)
    }

    private func next() -> Int32 {
      var signals = signals
      var number: Int32 = 0
      while sigwait(&signals, &number) != 0 {}
      return number
    }

    private func code(of signal: Int32) -> ExitCode {
      signal == SIGTERM ? .terminated : .interrupted
    }
  }
}
