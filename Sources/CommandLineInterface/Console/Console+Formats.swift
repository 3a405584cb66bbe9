extension Console {
  /// What results look like.
  public enum Format: String, Sendable, CaseIterable {
    /// For people.
    case text
    /// For programs: one document a command, whatever happens.
    case json
    /// For a comment on a pull request: one document, only of commands that have one.
    case markdown
  }

  /// What log lines look like.
  public enum LogFormat: String, Sendable, CaseIterable {
    /// For people.
    case text
    /// For programs: an object a line.
    case json
  }
}
