internal import Reports
internal import Settings

extension RunError {
  /// What is told where guards stop a run before its first message; nil if none does.
  init?(_ hits: [GuardHit], sync: SyncSettings, _ options: RunOptions) {
    guard let first = hits.first else { return nil }
    self.init(
      .stoppedByGuard,
      hits.map(\.text).joined(separator: "; ") + "; nothing was sent",
      kind: first.name.kind,
      hint: Self.hint(for: hits, of: sync, options)
    )
    guards = hits
  }

  private static func hint(
    for hits: [GuardHit],
    of sync: SyncSettings,
    _ options: RunOptions
  ) -> String {
    let allow = options.commandLine(sync.name, allowing: hits.map(\.name))
    if let file = options.planFile {
      let look = "look first: `sluice plan show \(file)`; if the changes are right: `\(allow)`"
      return Self.keyHint(for: hits, of: sync, look)
    }
    let isShown = options.command == .run && hits.contains { $0.name != .minRows }
    let look =
      isShown
      ? "look first: `sluice plan \(sync.name)` shows the changes; if they are right: `\(allow)`"
      : "look at the source first; if it is right: `\(allow)`"
    return keyHint(for: hits, of: sync, look)
  }

  private static func keyHint(
    for hits: [GuardHit],
    of sync: SyncSettings,
    _ look: String
  ) -> String {
    guard hits.contains(where: { $0.name == .unstableKey }) else { return look }
    return "a key must stay with its row, which ROW_NUMBER() does not: make columns that identify "
      + "the row the `primary_key` of the model \(sync.model.value); \(look)"
  }

  /// What is told where too many rows are rejected.
  init(rejected hit: GuardHit, reason: String?, sync: SyncSettings, _ options: RunOptions) {
    let most = reason.map { ", most often: \($0)" } ?? ""
    self.init(
      .failed,
      "\(hit.text)\(most); what was acknowledged stays, the next run finds the rest",
      kind: hit.name.kind,
      hint: "`sluice errors \(sync.name)` has the rows and why; if they may be left out: "
        + "`\(options.commandLine(sync.name, allowing: [hit.name]))`"
    )
    guards = [hit]
  }
}

extension RunOptions {
  /// What to type to do the same with guards lifted.
  func commandLine(_ sync: String, allowing guards: [Guard]) -> String {
    if let planFile {
      return "sluice apply \(planFile)" + guards.map { " --allow \($0.rawValue)" }.joined()
    }
    let line =
      switch command {
      case .run: "sluice run \(sync)" + (limit.map { " --limit \($0)" } ?? "")
      case .backfill:
        "sluice backfill \(sync)" + (restartsBackfill ? " --restart" : "")
          + (part.map { " \($0.typed)" } ?? "") + (limit.map { " --limit \($0)" } ?? "")
      case .resetToCurrent: "sluice reset \(sync) --to-current"
      case .apply: "sluice apply FILE"
      }
    return line + guards.map { " --allow \($0.rawValue)" }.joined()
  }
}
