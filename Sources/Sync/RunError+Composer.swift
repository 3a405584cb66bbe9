internal import Settings
internal import Messages
internal import Reports

extension RunError {
  /// Everything that does not fit the columns of a result.
  init(_ error: ComposerError) {
    self.init(
      .configuration,
      error.message,
      kind: .unfitColumns,
      at: error.location,
      hint: error.hint,
      line: error.line
    )
    others = error.others.map { RunError($0) }
  }
}
