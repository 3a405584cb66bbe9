import Connections
import Sync
import Reports
import Rows
import Settings

/// What a command needs to run one sync: its model, source, destination and state.
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

  /// Where the state and its lock are.
  var location: StateLocation { project.stateLocation(of: sync) }

  /// Refuses to begin without a state where one lies in the folder that is used without an
  /// environment: every row would be sent again.
  func refuseLeftState() throws(RunError) {
    let left = StateLocation(sync: sync.name, directory: project.sharedStateDirectory)
    guard let environment = project.environment, !location.exists, left.exists else { return }
    let folder = ShellWord.quoted(project.stateDirectory)
    let files = ShellWord.quoted(left.path) + "*"
    throw RunError(
      .configuration,
      "the sync has a state in \(project.sharedStateDirectory), and none of environment "
        + "\(environment)",
      kind: .leftState,
      hint: "take it over: mkdir -p -m 700 \(folder) && mv \(files) \(folder)/ "
        + "- or begin without one: --fresh-state"
    )
  }

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
  ) throws -> any Destination {
    let name = sync.destination.value
    guard var settings = project.destinations[name] else {
      throw CommandFailure(.configuration, "sync '\(sync.name)' names no destination")
    }
    if let connectTimeout { settings.connectTimeout = min(settings.connectTimeout, connectTimeout) }
    let sync = sync.name
    return try settings.destination(
      name,
      note: { note in console.log(LogEvent(.info, name: "run-note", sync: sync, message: note)) },
      received: received
    )
  }
}

extension ProjectSettings {
  /// Where the state of `sync` is.
  func stateLocation(of sync: SyncSettings) -> StateLocation {
    StateLocation(sync: sync.name, directory: stateDirectory)
  }

  /// The source of `model`.
  func source(of model: ModelSettings) throws(CommandFailure) -> any RowSource {
    guard let settings = sources[model.source] else {
      throw CommandFailure(.configuration, "model '\(model.name)' names no source of the project")
    }
    return settings.source(model.source)
  }
}
