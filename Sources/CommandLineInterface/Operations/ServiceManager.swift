import Blocking
import Glibc
import Sync

/// The one who started this process as a service and wants to hear that it lives (sd_notify(3)).
struct ServiceManager: Sendable {
  private let socket: String
  /// The longest silence after which it takes the process for dead; nil if it does not watch.
  let patience: Duration?
  private let failed: @Sendable (String) -> Void

  /// What `environment` says of it; nil if nobody wants to hear.
  ///
  /// `failed` is told why it could not be reached.
  init?(_ environment: [String: String], failed: @escaping @Sendable (String) -> Void) {
    guard let socket = environment["NOTIFY_SOCKET"], !socket.isEmpty else { return nil }
    self.socket = socket
    self.failed = failed
    // Meant for this process, and not for one that inherited the variables.
    let isMeant = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
    let microseconds = environment["WATCHDOG_USEC"].flatMap { Int($0) }.filter { $0 > 0 }
    patience = isMeant ? microseconds.map { .microseconds($0) } : nil
  }

  /// Tells that the service works.
  func ready() { tell("READY=1\nSTATUS=running") }

  /// Tells that it is about to end.
  func stopping() { tell("STOPPING=1") }

  /// Says twice within its patience that the process lives, until the task is cancelled.
  func keepAlive(_ clock: RunClock) async {
    guard let patience else { return }
    while !Task.isCancelled {
      tell("WATCHDOG=1")
      do { try await clock.wait(clock.now() + patience / 2) } catch { return }
    }
  }

  private func tell(_ text: String) {
    if let reason = ServiceNotification.send(text, to: socket) { failed(reason) }
  }
}

extension Optional {
  /// Itself if `condition` holds for it.
  fileprivate func filter(_ condition: (Wrapped) -> Bool) -> Wrapped? {
    flatMap { condition($0) ? $0 : nil }
  }
}
