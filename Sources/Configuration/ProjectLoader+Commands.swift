import Settings

extension ProjectLoader {
  /// Runs the commands that print secrets of the connections that are going to be used, each once.
  func run(
    _ runner: SecretCommand.Runner,
    for connects: Configuration.Scope.Connections,
    _ judgement: ScopeJudgement
  ) -> [[String]: Result<String, SecretCommand.Failure>] {
    let needed: Set<ConnectionName> =
      switch connects {
      case .none: []
      case .selected: judgement.neededConnections
      case .all: Set(report.commands.keys)
      }
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

extension ConnectionName {
  fileprivate var text: String {
    switch self {
    case .source(let name): "source \(name)"
    case .destination(let name): "destination \(name)"
    }
  }
}
