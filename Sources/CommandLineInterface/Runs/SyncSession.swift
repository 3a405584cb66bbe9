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

  /// Whether a run has ever made the state.
  var hasState: Bool { access(statePath, F_OK) == 0 }

  /// The source of the model.
  func source() throws(CommandFailure) -> any RowSource { try project.source(of: model) }

  /// The destination; an embedded one tells `received` what arrived.
  ///
  /// `connectTimeout` is the longest wait where it is shorter than the destination's own.
  func sink(
    connectTimeout: Duration? = nil,
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
    return try KafkaSink(name: name, settings: settings)
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

  /// Takes the run lock, waiting up to `wait` for another run to end; nil where it does not.
  func lock(waitingUpTo wait: Duration = .zero) async throws -> RunLock? {
    try makeStateDirectory()
    let path = "\(project.stateDirectory)/\(sync.name).lock"
    let deadline = ContinuousClock.now + wait
    while true {
      if let lock = try RunLock(path: path) { return lock }
      let rest = deadline - ContinuousClock.now
      if rest <= .zero { return nil }
      // A file lock tells nobody when it is released: ask again.
      try await Task.sleep(for: min(rest, .milliseconds(200)))
    }
  }

  /// Opens the state for a report.
  func state() throws(CommandFailure) -> StateFile {
    do throws(StateError) {
      return try StateFile(path: statePath, mode: .report)
    } catch {
      if error.code == .missing {
        throw CommandFailure(
          .failed,
          "sync '\(sync.name)' has no state yet",
          hint: "'sluice run \(sync.name)' makes it"
        )
      }
      throw CommandFailure(.failed, error.description, hint: error.hint)
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
