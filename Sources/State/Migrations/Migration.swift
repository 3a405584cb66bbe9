/// One step of a state file's schema; appended to the list, never edited.
struct Migration {
  /// What to run to come from the version before.
  let sql: String

  /// All of them: version N is the state after the first N.
  static let all: [Migration] = [
    .initial, .transactions, .messages, .topics, .refusals, .problemGroups, .absences,
    .pins, .messageSettings, .columns,
  ]
}
