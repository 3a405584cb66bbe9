internal import Glibc
internal import Settings
internal import State

internal import Reports

/// Where the state of a sync and its run lock are.
public struct StateLocation: Sendable {
  /// Name of the sync.
  public let sync: String
  /// The folder of the states.
  public let directory: String

  /// The state of `sync` in `directory`.
  public init(sync: String, directory: String) {
    self.sync = sync
    self.directory = directory
  }

  /// Path of the state file.
  public var path: String { "\(directory)/\(sync).db" }

  /// Path of the file that a run holds locked.
  var lockPath: String { "\(directory)/\(sync).lock" }

  /// Whether a state is there, readable or not.
  public var exists: Bool { access(path, F_OK) == 0 || errno != ENOENT }

  /// Does `body` while no run of the sync is under way; nil if one is.
  ///
  /// It waits up to `wait` for that run to end. The folder is made if there is none, readable by
  /// its owner only. Throws what `body` throws, and a ``RunError`` if the lock cannot be made.
  public func whileLocked<Result: Sendable>(
    waitingUpTo wait: Duration = .zero,
    _ body: () async throws -> Result
  ) async throws -> Result? {
    try makeDirectory()
    guard let lock = try await lock(waitingUpTo: wait) else { return nil }
    defer { withExtendedLifetime(lock) {} }
    return try await body()
  }

  private func makeDirectory() throws(RunError) {
    if mkdir(directory, 0o700) == 0 || errno == EEXIST { return }
    // That of an environment lies in the folder of the states.
    if errno == ENOENT, let slash = directory.lastIndex(of: "/"),
      mkdir(String(directory[..<slash]), 0o700) == 0, mkdir(directory, 0o700) == 0
    {
      return
    }
    throw RunError(
      .failed,
      "cannot make \(directory): \(String(cString: strerror(errno)))",
      hint: "check the permissions of the folder above it"
    )
  }

  private func lock(waitingUpTo wait: Duration) async throws -> RunLock? {
    let deadline = ContinuousClock.now + wait
    while true {
      do throws(StateError) {
        if let lock = try RunLock(path: lockPath) { return lock }
      } catch {
        throw RunError(.failed, error.description, hint: error.hint)
      }
      let rest = deadline - ContinuousClock.now
      if rest <= .zero { return nil }
      // A file lock tells nobody when it is released: ask again.
      try await Task.sleep(for: min(rest, .milliseconds(200)))
    }
  }
}
