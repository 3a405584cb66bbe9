internal import Reports
internal import Messages

extension RunError {
  /// Everything that does not fit the columns of a result.
  init(_ error: ComposerError) {
    let all = ([error] + error.others).map { error in
      RunError(
        .configuration,
        error.message,
        at: error.location,
        hint: error.hint,
        line: error.line
      )
    }
    self = RunError(all: all) ?? RunError(.configuration, error.message, at: error.location)
  }
}
