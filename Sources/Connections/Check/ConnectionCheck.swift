internal import Kafka

public import Reports
public import Settings

/// Tries every source and every destination of a project, all at once, and says what is wrong.
///
/// Nothing is sent, created or changed.
public struct ConnectionCheck: Sendable {
  let project: ProjectSettings

  /// Prepares for the connections of `project`.
  public init(_ project: ProjectSettings) {
    self.project = project
  }

  /// The longest that ``run()`` takes, whatever hangs: twice the longest time to connect.
  public var timeMax: Duration {
    let destinations = project.destinations.values.map { Self.limit($0) }
    let sources = project.sources.values.map { Self.limit($0) }
    return (destinations + sources).max() ?? .zero
  }

  /// Tries them; the findings are in the order of names, sources first.
  public func run() async -> [CheckItem] {
    await withTaskGroup(of: (Int, [CheckItem]).self) { group in
      let sources = project.sources.sorted { $0.key < $1.key }
      let destinations = project.destinations.sorted { $0.key < $1.key }
      for (index, (name, source)) in sources.enumerated() {
        group.addTask { (index, await check(name, source)) }
      }
      for (index, (name, destination)) in destinations.enumerated() {
        group.addTask { (sources.count + index, await check(name, destination)) }
      }
      var found: [(Int, [CheckItem])] = []
      for await part in group { found.append(part) }
      return found.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private func check(_ name: String, _ source: SourceSettings) async -> [CheckItem] {
    let models = project.models.values.filter { $0.source == name }.sorted { $0.name < $1.name }
    let check = SourceCheck(name: name, settings: source, models: models, syncs: project.syncs)
    return await CheckLog(check.subject).collect(within: Self.limit(source)) { log in
      await check.run(log)
    }
  }

  private func check(_ name: String, _ settings: DestinationSettings) async -> [CheckItem] {
    let syncs = project.syncs.filter { $0.destination.value == name }
    let check = DestinationCheck(
      name: name,
      settings: settings,
      syncs: syncs,
      stateDirectory: project.stateDirectory
    )
    return await CheckLog(check.subject).collect(within: Self.limit(settings)) { log in
      await check.run(log)
    }
  }

  private static func limit(_ settings: DestinationSettings) -> Duration {
    settings.connectTimeout * 2
  }

  private static func limit(_ settings: SourceSettings) -> Duration {
    guard case .postgres(let parameters, _, _) = settings else { return .seconds(60) }
    let said = parameters.last { $0.keyword == "connect_timeout" }?.value.exposed
    // Zero means forever to libpq: a check has to end.
    let seconds = said.flatMap { Int($0) }.flatMap { (1...3600).contains($0) ? $0 : nil } ?? 30
    return .seconds(2 * max(seconds, 2))
  }
}
