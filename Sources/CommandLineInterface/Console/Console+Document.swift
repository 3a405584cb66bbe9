import Configuration
import Reports
import Settings
import Values

/// The one document of a command with `--output json`.
extension Console {
  /// Takes what the command found for the document, with what kept it from finding all.
  func result(_ report: any CommandReport, error: RunError? = nil) {
    draft.set(report, error: error)
  }

  /// Takes a text that is the whole result.
  func result(text: String) {
    result(text)
    result(TextReport(text))
  }

  /// Takes why the command ends for the document.
  ///
  /// What has been said of a file already is the reason if the failure does not give one.
  func fail(_ failure: CommandFailure) {
    draft.fail(
      failure.error.map { error in
        var error = error
        error.message = redacted(error.message)
        error.hint = error.hint.map { redacted($0) }
        return error
      }
    )
  }

  /// Takes something that is said of a file for the document only.
  func note(_ diagnostic: Diagnostic) {
    draft.add(FileDiagnostic(diagnostic, hiding: secrets))
  }

  /// Takes, for the document only, why the state at `path` cannot be read.
  func note(_ error: RunError, in path: String) {
    draft.add(FileDiagnostic(error, path: path))
  }

  /// Writes the document, if that is wanted: what the command found, else `empty`.
  func writeDocument(_ empty: any CommandReport) {
    switch options.output {
    case .text: break
    case .json: writeResult(draft.document(or: empty).json.jsonText + "\n")
    case .markdown:
      let document = draft.document(or: empty)
      guard let report = document.report as? any MarkdownReport else { return }
      var errors = document.diagnostics.filter(\.isError).map(\.error)
      if errors.isEmpty, let error = document.error { errors = [error] }
      writeResult(report.markdown(errors: errors))
    }
  }
}
