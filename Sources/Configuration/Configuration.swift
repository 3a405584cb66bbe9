public import Settings

/// Finds and reads a project.
public enum Configuration {
  /// The file that makes a folder a project.
  public static let projectFile = "sluice.yml"

  /// What reading a project gave.
  public struct Result: Sendable {
    /// The settings; nil when there is any error.
    public let settings: ProjectSettings?
    /// What is to be said of its files: errors, warnings, notes, in the order of files and lines.
    public let diagnostics: [Diagnostic]
  }

  /// The nearest folder from `directory` upward that has a `sluice.yml`; nil when none has.
  ///
  /// `directory` is an absolute path.
  public static func project(from directory: String) -> String? {
    var candidate = Substring(directory)
    while true {
      let path = candidate.isEmpty ? "/" : String(candidate)
      if FileAccess.exists(FileAccess.path(projectFile, from: path)) { return path }
      guard let slash = candidate.lastIndex(of: "/") else { return nil }
      candidate = candidate[..<slash]
    }
  }

  /// Reads and checks every file of the project in `directory`, an absolute path.
  ///
  /// `environment` is the process's; it wins over the project's `.env`. Nothing is connected to.
  public static func load(directory: String, environment: [String: String]) -> Result {
    let loader = ProjectLoader(directory: directory)
    let settings = loader.load(environment: environment)
    let report = loader.report
    let broken = Set(report.diagnostics.filter { $0.severity == .error }.map { $0.location?.file })
    return Result(
      settings: report.hasErrors ? nil : settings,
      // Of a file with errors nothing less grave is said: it may follow from them.
      diagnostics: loader.sorted(
        report.diagnostics.filter { $0.severity == .error || !broken.contains($0.location?.file) }
      )
    )
  }
}
