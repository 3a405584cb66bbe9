internal import Blocking
internal import Glibc
internal import Settings
internal import State

public import Reports

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

  /// Path of the file with which a plan keeps runs out.
  var holdPath: String { "\(directory)/\(sync).hold" }

  /// Whether a state is there, readable or not.
  public var exists: Bool { access(path, F_OK) == 0 || errno != ENOENT }

  /// Does `body` while no run of the sync is under way; nil if one is.
  ///
  /// It waits up to `wait` for that run, or a plan that keeps runs out as `hold` says, to end. The
  /// folder is made if there is none, readable by its owner only. Throws what `body` throws, and a
  /// ``RunError`` if a plan keeps it out, or the lock cannot be made.
  public func whileLocked<Result: Sendable>(
    waitingUpTo wait: Duration = .zero,
    hold: HoldRule = .respected,
    _ body: () async throws -> Result
  ) async throws -> Result? {
    try makeDirectory()
    guard let lock = try await lock(waitingUpTo: wait, hold) else { return nil }
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
      kind: .inaccessibleState,
      hint: "check the permissions of the folder above it"
    )
  }

  private func runLock() throws(RunError) -> RunLock? {
    do throws(StateError) {
      return try RunLock(path: lockPath)
    } catch {
      throw RunError(error)
    }
  }

  private func lock(waitingUpTo wait: Duration, _ rule: HoldRule) async throws -> RunLock? {
    let deadline = ContinuousClock.now + wait
    while true {
      var refusal: RunError?
      if let lock = try runLock() {
        guard let hold = try await currentHold(against: rule) else { return lock }
        refusal = hold.refusal(of: sync, in: holdPath)
      }
      let rest = deadline - ContinuousClock.now
      if rest <= .zero {
        if let refusal { throw refusal }
        return nil
      }
      // A file lock tells nobody when it is released: ask again.
      try await Task.sleep(for: min(rest, .milliseconds(200)))
    }
  }
}

// MARK: - Plans that keep runs out

extension StateLocation {
  /// The plan that keeps somebody with `rule` out; nil if none does.
  ///
  /// The caller has the run lock. A hold whose time is over, and one of a plan that was applied, is
  /// deleted.
  private func currentHold(against rule: HoldRule) async throws(RunError) -> PlanHold? {
    if rule == .ignored { return nil }
    guard let hold = try PlanHold(path: holdPath) else { return nil }
    if case .own(hold.plan) = rule { return nil }
    if hold.until > WallClock.microseconds(), !(await isApplied(hold.plan)) { return hold }
    unlink(holdPath)
    return nil
  }

  /// Whether a plan was applied by somebody who did not live to delete its hold.
  private func isApplied(_ plan: String) async -> Bool {
    let state = try? await StateFile.open(path: path, mode: .report)
    return (try? await state?.application(ofPlan: plan)) != nil
  }

  /// Stops if the plan in `file` keeps runs out: replacing it would leave its hold behind.
  ///
  /// Throws a ``RunError`` then, and if the file of the hold cannot be read.
  public func checkReplacing(file: String) throws(RunError) {
    guard let hold = try PlanHold(path: holdPath), hold.file == file,
      hold.until > WallClock.microseconds()
    else { return }
    throw hold.refusal(of: sync, in: holdPath)
  }

  /// Keeps other runs out for a plan, as long as it says; the caller has the run lock.
  ///
  /// `file` is what anybody types for its file, wherever he is. Throws a ``RunError`` if the file cannot be written.
  public func hold(for plan: PinReport, file: String) throws(RunError) {
    guard let until = plan.heldUntil else { return }
    try PlanHold(plan: plan.plan, file: file, until: until).write(to: holdPath)
  }

  /// Ends the hold of plan `id`, and says whether it had one.
  ///
  /// Throws a ``RunError`` if the file of the hold cannot be read.
  @discardableResult
  public func release(plan id: String) throws(RunError) -> Bool {
    guard let hold = try PlanHold(path: holdPath), hold.plan == id else { return false }
    unlink(holdPath)
    return hold.until > WallClock.microseconds()
  }
}
