public import Settings

/// Finds and reads a project.
public enum Configuration {
  /// The file that makes a folder a project.
  public static let projectFile = "sluice.yml"

  /// What reading a project gave.
  public struct Result: Sendable {
    /// The settings; nil when there is any error.
    public let settings: ProjectSettings?
    /// The unit tests of its syncs, where they were asked for, sorted by the syncs' names.
    public let tests: [SyncTests]
    /// What is to be said of its files: errors, warnings, notes, in the order of files and lines.
    public let diagnostics: [Diagnostic]
    /// Names of all syncs, also of those that cannot be used, sorted.
    public let syncNames: [String]
    /// Names of syncs that the command works on and that cannot be used; errors say why.
    public let unreadable: [String]
    /// Variables that are not set and that messages are made with, by sync.
    public let unset: [String: [String]]
    /// Whether the project asks for an environment.
    public let isEnvironmentRequired: Bool
    /// Those of the unreadable syncs that only lack a secret, because a command failed.
    public let withoutSecret: [String]
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

  /// The names of the environments of the project in `directory`, sorted: it has a file
  /// `sluice.NAME.yml` for each.
  public static func environments(of directory: String) -> [String] {
    EnvironmentName.all(in: directory)
  }

  /// Whether `text` can name an environment.
  public static func isEnvironmentName(_ text: String) -> Bool { ProjectName.isValid(text) }

  /// What `environments` says of names, for messages.
  public static var environmentNameRule: String { ProjectName.rule }

  /// Knows librdkafka's settings: this room does not.
  public struct KafkaSettingCheck: Sendable {
    /// What is wrong with a setting.
    public enum Problem: Sendable {
      /// There is none of this name; the names that there are, for a suggestion.
      case unknown(known: [String])
      /// It does not take the value, for this reason, which may repeat the value.
      case value(String)
    }

    /// What is wrong with setting a name to a value, nil when nothing is.
    public let problem: @Sendable (_ name: String, _ value: String) -> Problem?

    /// Wraps a function.
    public init(problem: @escaping @Sendable (_ name: String, _ value: String) -> Problem?) {
      self.problem = problem
    }
  }

  /// Reads and checks every file of the project in `directory`, an absolute path.
  ///
  /// `environment` is the process's; it wins over the project's `.env`. `environmentName` is that
  /// of the file `sluice.NAME.yml` to lay over `sluice.yml`. Nothing is connected to, but
  /// `commands` runs what prints the secrets of connections that `scope` is going to connect to, and
  /// of alerts if somebody may be told.
  /// Errors of files outside of `scope` are warnings.
  /// The unit tests of syncs are read only `withTests`: a run does not care what is wrong with them.
  /// Without `kafkaSettings` names and values under `properties` are only checked as far as Sluice
  /// owns them.
  public static func load(
    directory: String,
    environment: [String: String],
    environmentName: String? = nil,
    kafkaSettings: KafkaSettingCheck? = nil,
    commands: SecretCommand.Runner? = nil,
    withTests: Bool = false,
    scope: Scope = .everything
  ) -> Result {
    var results: [[String]: Swift.Result<String, SecretCommand.Failure>] = [:]
    let load = {
      let loader = ProjectLoader(
        directory: directory,
        environment: environmentName,
        kafkaSettings: kafkaSettings,
        commandResults: results
      )
      return (loader, loader.load(environment: environment, scope: scope))
    }
    var (loader, loaded) = load()
    // Which commands are needed is known when all files are read; they are then read once more.
    if let commands, let judgement = loaded?.judgement {
      results = loader.run(commands, for: scope, judgement)
      if !results.isEmpty { (loader, loaded) = load() }
    }
    let tests = withTests ? loader.tests(of: loaded?.settings) : []
    let judgement = loaded?.judgement.with(loader.report.diagnostics)
    let told = judgement?.told ?? loader.report.diagnostics
    let broken = Set(
      loader.report.diagnostics.filter { $0.severity == .error }.map { $0.location?.file }
    )
    let isStopped = judgement?.isStopped ?? true
    return Result(
      settings: isStopped ? nil : loaded?.settings,
      tests: tests,
      // Of a file with errors nothing less grave is said: it may follow from them.
      diagnostics: loader.sorted(
        zip(told, loader.report.diagnostics)
          .filter { $1.severity == .error || !broken.contains($1.location?.file) }.map(\.0)
      ),
      syncNames: judgement?.names ?? [],
      unreadable: judgement?.unreadable ?? [],
      unset: judgement?.unset ?? [:],
      isEnvironmentRequired: loader.isEnvironmentRequired,
      withoutSecret: judgement?.withoutSecret ?? []
    )
  }
}
