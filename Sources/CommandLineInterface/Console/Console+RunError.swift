import Configuration
import Reports
import Values

extension Console {
  /// Says why the run of a sync did not end well, with the line of a template if it has one.
  func report(
    _ error: RunError,
    of sync: String,
    fields: [(name: String, value: Value)] = []
  ) {
    guard let location = error.location, let line = error.line, options.log == .text else {
      return report(
        error: error.message,
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
        hint: error.hint
      )
    )
  }
}
