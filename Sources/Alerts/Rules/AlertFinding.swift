internal import Settings

/// What a rule found, in words without values of rows.
struct AlertFinding: Sendable, Hashable {
  /// What it is about, as in `destination events`: syncs with the same one share an incident.
  var system: String
  /// What is wrong there, as a word that does not change.
  var code: String
  /// What happened to the sync, to be read after its name, as in `failed`.
  var summary: String
  /// Numbers and the first error, a line each.
  var details: [String] = []
  /// What to type next.
  var command: String
}

/// What a rule says of a sync.
enum AlertVerdict: Sendable, Hashable {
  /// What happened tells nothing of it: whatever was the case still is.
  case unknown
  /// It is not the case.
  case fine
  /// It is the case.
  case firing(AlertFinding)
}
