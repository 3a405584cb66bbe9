internal import Reports
internal import Settings

/// Judges a complete scan before the first message of a run.
struct Guards {
  let settings: GuardSettings
  let allowsRemovals: Bool

  /// From so many rows on, the default bound of removals holds.
  private static let defaultFrom = 100
  private static let defaultPercent = 50.0

  /// Throws if the run must not go on.
  ///
  /// `valid` counts the rows of the result that have a key of their own, `known` the snapshot's.
  func judge(removed: Int, valid: Int, known: Int, sync: String) throws(RunError) {
    if allowsRemovals || removed == 0 { return }
    if let limit = settings.removedMax {
      if removed > bound(limit, known) {
        throw stopped(
          "\(removed) of \(known) rows would be removed, more than `max_removed: \(text(limit))`",
          sync
        )
      }
      return
    }
    if valid == 0 {
      throw stopped("the result is empty: all \(known) rows would be removed", sync)
    }
    if known >= Self.defaultFrom, Double(removed) > Double(known) * Self.defaultPercent / 100 {
      throw stopped("\(removed) of \(known) rows would be removed, more than 50 %", sync)
    }
  }

  private func bound(_ limit: GuardLimit, _ known: Int) -> Int {
    switch limit {
    case .count(let count): count
    case .percent(let percent): Int(Double(known) * percent / 100)
    }
  }

  private func text(_ limit: GuardLimit) -> String {
    switch limit {
    case .count(let count): "\(count)"
    case .percent(let percent):
      percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
    }
  }

  private func stopped(_ message: String, _ sync: String) -> RunError {
    RunError(
      .stoppedByGuard,
      "\(message); nothing was sent",
      hint: "look at the source first; if it is right: `sluice run \(sync) --allow max_removed`"
    )
  }
}
