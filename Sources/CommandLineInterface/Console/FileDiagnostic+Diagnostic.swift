import Configuration
import Reports
import Settings

extension FileDiagnostic {
  /// `diagnostic` for a document, without the texts that `secrets` hides.
  init(_ diagnostic: Diagnostic, hiding secrets: KnownSecrets) {
    self.init(
      severity: diagnostic.severity.rawValue,
      kind: diagnostic.severity == .error ? diagnostic.kind : nil,
      message: secrets.hidden(in: diagnostic.message),
      hint: diagnostic.hint.map { secrets.hidden(in: $0) },
      location: diagnostic.location,
      related: diagnostic.related.map {
        Related(location: $0.location, message: secrets.hidden(in: $0.message))
      }
    )
  }

  /// `error` that keeps a command from reading the state at `path`.
  init(_ error: RunError, path: String) {
    self.init(
      severity: Diagnostic.Severity.error.rawValue,
      kind: error.kind,
      message: error.message,
      hint: error.hint
    )
    file = path
  }

  /// Whether the project cannot be used with it.
  var isError: Bool { severity == Diagnostic.Severity.error.rawValue }

  /// Itself as the reason why a command ends.
  var error: RunError {
    RunError(.configuration, message, kind: kind, at: location, hint: hint)
  }
}
