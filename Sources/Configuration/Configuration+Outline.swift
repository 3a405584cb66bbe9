extension Configuration {
  /// A file of a project without its values.
  public struct Outline: Sendable {
    /// Path of the file in the project.
    public let file: String
    /// Its keys with the kind of each value, as in `sources.shop.path: a text`.
    public let keys: [String]
  }

  /// The keys of `sluice.yml`, of the environment's file, of all models and of all syncs, as far as
  /// they are YAML.
  ///
  /// Their values are not in it, and no command runs.
  public static func outlines(
    of directory: String,
    environmentName: String? = nil
  ) -> [Outline] {
    // No variable is known: a reference is shown as one, whatever it gives.
    ProjectLoader(directory: directory, environment: environmentName).outlines()
  }
}

extension ProjectLoader {
  fileprivate func outlines() -> [Configuration.Outline] {
    report.toleratesUnset = true
    let own = [Configuration.projectFile] + (environmentName.map { [$0.file] } ?? [])
    let models = names(in: "models", suffix: ".sql", kind: "model").map { "models/\($0).sql" }
    let syncs = names(in: "syncs", suffix: ".yml", kind: "sync").map { "syncs/\($0).yml" }
    return (own + models + syncs).compactMap { path in
      let isThere = FileAccess.exists(FileAccess.path(path, from: directory))
      return isThere ? root(of: path).map { .init(file: path, keys: $0.outline(at: "")) } : nil
    }
  }

  /// The root of a file, or of the front matter of a model; nil if it is not YAML.
  private func root(of path: String) -> YAMLNode? {
    guard path.hasPrefix("models/") else {
      let isSync = path.hasPrefix("syncs/")
      return root(path, connectionKeys: isSync ? [] : ProjectReader.connectionKeys)
    }
    guard let source = source(path), let yaml = FrontMatter(source: source).yaml() else {
      return nil
    }
    return file(source).root(parsing: yaml)
  }
}

extension YAMLNode {
  /// A line for each value below it, with its path and kind.
  fileprivate func outline(at path: String) -> [String] {
    switch content {
    case .mapping(let entries):
      if entries.isEmpty { return ["\(path): an empty map"] }
      return entries.flatMap { entry in
        entry.value.outline(at: path.isEmpty ? entry.key : "\(path).\(entry.key)")
      }
    case .sequence(let items):
      if items.isEmpty { return ["\(path): an empty list"] }
      return items.enumerated().flatMap { $1.outline(at: "\(path)[\($0)]") }
    case .unreadable: return ["\(path): a reference"]
    case .scalar(let text, let isPlain):
      if !uses.isEmpty { return ["\(path): a reference"] }
      return ["\(path): \(ScalarKind(text, isPlain: isPlain).noun.withArticle)"]
    }
  }
}
