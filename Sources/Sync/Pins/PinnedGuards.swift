internal import Reports
internal import Settings

/// Judges a pinned plan as a whole, before its first message.
///
/// Used when it is saved and when it is applied, so that both say the same: an allowance is not pinned.
struct PinnedGuards {
  let sync: SyncSettings
  let figures: GuardFigures
  /// The guards that judge its scan.
  let judged: Set<Guard>

  /// Why guards stop it; nil if they do not.
  func stop(_ options: RunOptions) -> RunError? {
    let guards = Guards(settings: sync.guards, allowed: options.allowedGuards)
    return RunError(
      guards.hits(figures, among: judged.union([.maxRejected])),
      sync: sync,
      options
    )
  }

  /// What is to be said of a plan that guards would stop if `options` did not lift them; nil if none
  /// would.
  func noteOnAllowances(_ options: RunOptions) -> String? {
    var strict = options
    strict.allowedGuards = []
    guard let stop = stop(strict), !stop.guards.isEmpty else { return nil }
    let names = stop.guards.map(\.name)
    let command = options.commandLine(sync.name, allowing: names)
    return "an allowance is not pinned: `\(command)` sends it"
  }
}
