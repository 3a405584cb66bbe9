import Glibc
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into one call; a second signal ends the process at once.
///
/// SIGHUP stays ignored where the process was started so, as `nohup` does.
///
/// The handler only writes the signal's number into a pipe, which a thread of the monitor reads:
/// whatever the call does is allowed there. Blocking the signals and waiting for them would not
/// do, since the runtime's main thread waits with all signals unblocked.
public enum SignalMonitor {
  /// Calls `first` on the monitor's thread when the first signal comes, with the code to end with.
  ///
  /// To be called once. False when the system gives no pipe or thread; then signals end the process
  /// as they always do.
  @discardableResult
  public static func start(_ first: @escaping @Sendable (ExitCode) -> Void) -> Bool {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // Stored, and so initialized, before a handler can look at it.
    signalPipe.store(ends[1], ordering: .sequentiallyConsistent)
    guard startThread(SignalReader(descriptor: ends[0], first: first)) else {
      close(ends[0])
      close(ends[1])
      return false
    }
    for number in [SIGINT, SIGTERM] { install(number) }
    if !isIgnored(SIGHUP) { install(SIGHUP) }
    return true
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    // Handlers are functions, which do not compare; the two constants are addresses.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func install(_ number: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      let saved = errno
      var byte = UInt8(truncatingIfNeeded: number)
      // A full pipe holds more signals than anybody needs.
      _ = write(signalPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
      errno = saved
    }
    action.sa_flags = SA_RESTART
    sigaction(number, &action, nil)
  }

  private static func startThread(_ reader: SignalReader) -> Bool {
    let pointer = Unmanaged.passRetained(reader).toOpaque()
    var thread = pthread_t()
    let code = pthread_create(
      &thread,
      nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<SignalReader>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      },
      pointer
    )
    guard code == 0 else {
      Unmanaged<SignalReader>.fromOpaque(pointer).release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}

/// The end of the pipe that the handler writes to.
private let signalPipe = Atomic<Int32>(-1)

/// What the monitor's thread does.
private final class SignalReader: Sendable {
  private let descriptor: Int32
  private let first: @Sendable (ExitCode) -> Void

  init(descriptor: Int32, first: @escaping @Sendable (ExitCode) -> Void) {
    self.descriptor = descriptor
    self.first = first
  }

  func run() {
    guard let code = next() else { return }
    first(code)
    if let code = next() { _exit(code.rawValue) }
  }

  /// The code of the next signal; nil when the pipe broke.
  private func next() -> ExitCode? {
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count == 1 { return Int32(byte) == SIGINT ? .interrupted : .terminated }
      if count == 0 || errno != EINTR { return nil }
    }
  }
}
