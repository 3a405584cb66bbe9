import Settings

extension ProjectLoader {
  /// The root of `sluice.yml` with the environment's file laid over it; nil after reporting why
  /// there is none.
  func projectRoot() -> YAMLNode? {
    let keys = ProjectReader.connectionKeys
    guard let environmentName else {
      return root(Configuration.projectFile, connectionKeys: keys)
    }
    guard FileAccess.exists(FileAccess.path(environmentName.file, from: directory)) else {
      report.add(environmentName.absence(in: directory))
      return nil
    }
    let count = report.diagnostics.count
    guard let source = source(environmentName.file) else { return nil }
    guard let overlay = file(source, connectionKeys: keys).root() else {
      // An empty file changes nothing: an environment may differ in states and variables only.
      let isEmpty = report.diagnostics.count == count
      return isEmpty ? root(Configuration.projectFile, connectionKeys: keys) : nil
    }
    guard let entries = overlay.entries("an environment") else { return nil }
    for entry in entries where entry.key == "environments" {
      entry.error(
        "'environments' belongs into \(Configuration.projectFile)",
        kind: .wrongEnvironment
      )
    }
    return root(Configuration.projectFile, connectionKeys: keys, overlay: overlay)?
      .overlaid(by: overlay)
  }

  /// Refuses to continue without an environment where the project asks for one.
  func checkEnvironment(of project: ProjectFile, _ scope: Configuration.Scope) {
    isEnvironmentRequired = project.environmentRequirement != nil
    guard environmentName == nil, let requirement = project.environmentRequirement else { return }
    let known = EnvironmentName.all(in: directory)
    if known.isEmpty {
      requirement.error(
        "an environment has to be named, and there is none",
        hint: "write sluice.NAME.yml with what differs in it",
        kind: .wrongEnvironment
      )
    } else if !scope.needsNoEnvironment {
      requirement.error(
        "an environment has to be named",
        hint: "add --env NAME, or set SLUICE_ENV; there are \(known.joined(separator: ", "))",
        kind: .wrongEnvironment
      )
    }
  }

  /// `sync` with the values that its state must not hold.
  func withPrivateValues(_ sync: SyncSettings) -> SyncSettings {
    var sync = sync
    sync.privateValues = report.privateValues
    return sync
  }
}
