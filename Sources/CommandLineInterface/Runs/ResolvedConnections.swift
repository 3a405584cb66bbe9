import Configuration
import Sync
import Settings

/// Says where sources and destinations lead and which variables say so, without a secret.
struct ResolvedConnections {
  private let project: ProjectSettings

  init(_ project: ProjectSettings) {
    self.project = project
  }

  /// A line for each source and destination of `syncs`, then one for each other variable of theirs
  /// that the environment and `.env` set differently.
  func lines(for syncs: [SyncSettings]) -> [LogEvent] {
    let models = Set(syncs.map(\.model.value))
    let sources = Set(models.compactMap { project.models[$0]?.source }).sorted()
    let destinations = Set(syncs.map(\.destination.value)).sorted()
    let connections =
      sources.map { line(.source($0), "source \($0): \(source($0))") }
      + destinations.map { line(.destination($0), "destination \($0): \(destination($0))") }
    let files =
      syncs.map(\.file) + models.compactMap { project.models[$0]?.file }
      + [Configuration.projectFile] + (project.environment.map { ["sluice.\($0).yml"] } ?? [])
    var told: Set<String> = []
    let others = files.flatMap { project.variables.files[$0] ?? [] }
    return connections
      + others.compactMap { use in
        guard let file = use.contradiction, told.insert(use.name).inserted else { return nil }
        let sentence = "comes from the environment; \(file) has another value"
        return LogEvent(.info, name: "variable", message: "the variable \(use.name) \(sentence)")
      }
  }

  /// The same, and one for each file that refers to variables: where each comes from.
  func lines(of syncs: [SyncSettings]) -> [LogEvent] {
    let files = project.variables.files.sorted { $0.key < $1.key }
    return lines(for: syncs)
      + files.map { file, uses in
        let sentence = uses.map(\.sentence).joined(separator: "; ")
        return LogEvent(.info, name: "variables", message: "\(file): \(sentence)")
      }
  }

  private func line(_ name: ConnectionName, _ text: String) -> LogEvent {
    let uses = project.variables.connections[name] ?? []
    let unset = uses.filter(\.givesNothing).map(\.sentence)
    if !unset.isEmpty {
      let subject = text.prefix { $0 != ":" }
      return LogEvent(
        .info,
        name: "connection",
        message: "\(subject): \(unset.joined(separator: ", "))"
      )
    }
    let variables = uses.isEmpty ? "" : " (\(uses.map(\.sentence).joined(separator: "; ")))"
    return LogEvent(.info, name: "connection", message: text + variables)
  }

  private func source(_ name: String) -> String {
    switch project.sources[name] {
    case nil: return "?"
    case .sqlite(let path, _, let shown, _)?: return "sqlite \(shown ?? path)"
    case .postgres(let parameters, _, _)?:
      let value = { (keyword: String) in
        parameters.last { $0.keyword == keyword }?.value.exposed
      }
      let user = value("user").map { "\($0)@" } ?? ""
      let port = value("port").map { ":\($0)" } ?? ""
      let host = value("host") ?? value("hostaddr") ?? value("service").map { "service \($0)" }
      return "postgres \(user)\(host ?? "the local socket")\(port)/\(value("dbname") ?? "")"
    }
  }

  private func destination(_ name: String) -> String {
    guard let settings = project.destinations[name] else { return "?" }
    switch settings.brokers {
    case .embedded: return "the embedded broker"
    case .addresses(let addresses):
      let user: String
      switch settings.mechanism {
      case .plain(let name, _)?, .scram(_, let name, _)?: user = "\(name)@"
      case .oauthBearer?, .msk?, .aws?, nil: user = ""
      }
      return "kafka \(user)\(addresses.joined(separator: ","))"
    }
  }
}

extension RunSession {
  /// Says where a run reads and sends, where its state is new or somebody watches.
  func showConnections(_ session: SyncSession) async {
    let console = context.console
    if console.options.isQuiet { return }
    // Somebody who looks for what went wrong wants to know it always.
    let isDebugging = console.options.level <= .debug
    if !console.showsProgress, !isDebugging,
      await StateReader(session.location).hasSnapshot()
    {
      return
    }
    for line in ResolvedConnections(session.project).lines(for: [session.sync]) {
      console.log(line)
    }
  }
}
