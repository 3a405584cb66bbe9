import Engine
import Glibc
import Kafka
import Settings
import Snapshot

/// What a command needs to work on one sync: its model, source, destination and state.
struct SyncSession {
  let project: ProjectSettings
  let sync: SyncSettings
  let model: ModelSettings

  /// Finds the model; the configuration was checked, so it is there.
  init(_ project: ProjectSettings, _ sync: SyncSettings) throws(CommandFailure) {
    guard let model = project.models[sync.model.value] else {
      throw CommandFailure(.configuration, "sync '\(sync.name)' names no model of the project")
    }
    self.project = project
    self.sync = sync
    self.model = model
  }

  /// Path of the state file.
  var statePath: String { "\(project.stateDirectory)/\(sync.name).db" }

  /// Whether a state is there, readable or not.
  var hasState: Bool { access(statePath, F_OK) == 0 || errno != ENOENT }

  /// Path of the file that a run holds locked.
  var lockPath: String { "\(project.stateDirectory)/\(sync.name).lock" }

  /// The source of the model.
  func source() throws(CommandFailure) -> any RowSource { try project.source(of: model) }

  /// The destination; an embedded one tells `received` what arrived.
  ///
  /// `connectTimeout` is the longest wait if it is shorter than the destination's own; `console`
  /// tells when brokers keep the command waiting.
  func sink(
    connectTimeout: Duration? = nil,
    console: Console,
    received: @escaping @Sendable ([ReceivedMessage]) -> Void
  ) throws -> any MessageSink {
    let name = sync.destination.value
    guard var settings = project.destinations[name] else {
      throw CommandFailure(.configuration, "sync '\(sync.name)' names no destination")
    }
    if let connectTimeout { settings.connectTimeout = min(settings.connectTimeout, connectTimeout) }
    if settings.brokers == .embedded {
      return try EmbeddedSink(name: name, settings: settings, received: received)
    }
    let sync = sync.name
    return try KafkaSink(name: name, settings: settings) { note in
      console.log(LogEvent(.info, "run-note", sync: sync, note))
    }
  }

  /// Makes the folder of the states, readable by its owner only.
  func makeStateDirectory() throws(CommandFailure) {
    if mkdir(project.stateDirectory, 0o700) == 0 || errno == EEXIST { return }
    throw CommandFailure(
      .failed,
      "cannot make \(project.stateDirectory): \(String(cString: strerror(errno)))",
      hint: "check the permissions of the folder above it"
    )
  }

  /// Takes the run lock, waiting up to `wait` for another run to end; nil if it does not.
  func lock(waitingUpTo wait: Duration = .zero) async throws -> RunLock? {
    try makeStateDirectory()
    let path = lockPath
    let deadline = ContinuousClock.now + wait
    while true {
      if let lock = try RunLock(path: path) { return lock }
      let rest = deadline - ContinuousClock.now
      if rest <= .zero { return nil }
      // A file lock tells nobody when it is released: ask again.
      try await Task.sleep(for: min(rest, .milliseconds(200)))
    }
  }

  /// Opens the state for a report, which needs one.
  func state() throws(CommandFailure) -> StateFile {
    if let state = try stateIfAny() { return state }
    throw CommandFailure(
      .failed,
      "sync '\(sync.name)' has no state yet",
      hint: "'sluice run \(sync.name)' makes it"
    )
  }

  /// Opens the state for a report; nil if no run has made it.
  ///
  /// A state that cannot be read is an error: it is there.
  func stateIfAny() throws(CommandFailure) -> StateFile? {
    do throws(StateError) {
      return try StateFile(path: statePath, mode: .report)
    } catch {
      if error.code == .missing { return nil }
      throw unreadable(error)
    }
  }

  /// Why the state cannot be read.
  private func unreadable(_ error: StateError) -> CommandFailure {
    CommandFailure(
      .failed,
      "the state of sync '\(sync.name)' cannot be read: \(error.description)",
      hint: error.hint
    )
  }

  /// The last `limit` runs, the latest first, and whether the latest is under way.
  ///
  /// A run without an end is under way while a living process holds the lock; else it was killed.
  func history(
    of state: StateFile,
    limit: Int
  ) async throws -> (runs: [StateFile.RunRecord], isRunning: Bool) {
    try await reading {
      var runs: [StateFile.RunRecord] = []
      // A run may end, and another begin, between two looks: only what stays the same counts.
      for _ in 0..<3 {
        let isHeld = try RunLock.isHeld(path: lockPath)
        let found = try await state.runs(limit: limit)
        guard let latest = found.first, latest.outcome == nil else { return (found, false) }
        if isHeld { return (found, true) }
        if latest == runs.first { return (found, false) }
        runs = found
      }
      return (runs, true)
    }
  }

  /// Does `body`, which reads the state; what keeps it from that is said with the sync's name.
  func reading<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as StateError {
      throw unreadable(error)
    }
  }
}

extension ProjectSettings {
  /// The source of `model`.
  func source(of model: ModelSettings) throws(CommandFailure) -> any RowSource {
    guard let settings = sources[model.source] else {
      throw CommandFailure(.configuration, "model '\(model.name)' names no source of the project")
    }
    return settings.source(model.source)
  }
}
