import Configuration
import Reports
import Settings
import Values

extension Console {
  /// Says why the run of a sync did not end well: everything that is wrong, each with the line of a
  /// template where it has one.
  func report(
    _ error: RunError,
    of sync: String,
    fields: [(name: String, value: Value)] = []
  ) {
    for error in error.all { report(alone: error, of: sync, fields: fields) }
  }

  private func report(
    alone error: RunError,
    of sync: String,
    fields: [(name: String, value: Value)]
  ) {
    guard let location = error.location, let line = error.line, options.log == .text else {
      return report(
        error: error.message,
        kind: error.kind,
        of: sync,
        at: error.location,
        hint: error.hint,
        fields: fields
      )
    }
    report(
      failure: Diagnostic(
        "\(sync): \(error.message)",
        at: location,
        line: line.text,
        offset: line.offset,
        hint: error.hint,
        kind: error.kind ?? .unfitColumns
      )
    )
  }
}
