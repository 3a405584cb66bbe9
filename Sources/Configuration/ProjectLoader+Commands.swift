import Settings

extension ProjectLoader {
  /// Runs the commands that print secrets which `scope` is going to use, each once.
  func run(
    _ runner: SecretCommand.Runner,
    for scope: Configuration.Scope,
    _ judgement: ScopeJudgement
  ) -> [[String]: Result<String, SecretCommand.Failure>] {
    var needed: Set<CommandPlace> =
      switch scope.connects {
      case .none: []
      case .selected: Set(judgement.neededConnections.map(CommandPlace.connection))
      case .all: Set(report.commands.keys)
      }
    if scope.notifies { needed.insert(.alerts) }
    var results: [[String]: Result<String, SecretCommand.Failure>] = [:]
    for name in report.commands.keys.sorted(by: { $0.text < $1.text }) where needed.contains(name) {
      for words in report.commands[name] ?? [] where results[words] == nil {
        let command = SecretCommand(
          words: words,
          directory: directory,
          environment: commandEnvironment
        )
        results[words] = runner.run(command).mapError(redacted)
      }
    }
    return results
  }

  /// The failure with one line of what the program said, without secrets.
  private func redacted(_ failure: SecretCommand.Failure) -> SecretCommand.Failure {
    let printed = failure.output.split(whereSeparator: \.isNewline).map { Secret(String($0)) }
    let listed = commandEnvironment.filter { SecretName.isSecret($0.key) }.map { Secret($0.value) }
    let redaction = Redaction(report.secrets + printed + listed)
    let lines = failure.errors.split(whereSeparator: \.isNewline).map {
      Self.printable(redaction.apply(to: String($0)))
    }
    return SecretCommand.Failure(failure.message, errors: lines.prefix(3).joined(separator: "; "))
  }

  /// At most 200 characters of a line, without those that a terminal obeys.
  private static func printable(_ line: String) -> String {
    let scalars = line.unicodeScalars.prefix(200).map {
      $0.properties.generalCategory == .control ? "\u{FFFD}" : $0
    }
    return String(String.UnicodeScalarView(scalars))
  }
}

/// What needs a secret that a command prints.
enum CommandPlace: Hashable {
  case connection(ConnectionName)
  /// `alerts`, as a whole.
  case alerts

  /// Its name, which says in which order commands run.
  var text: String {
    switch self {
    case .connection(.source(let name)): "source \(name)"
    case .connection(.destination(let name)): "destination \(name)"
    case .alerts: "alerts"
    }
  }
}
