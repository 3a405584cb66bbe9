internal import Reports
internal import Settings

/// Stops a run in which the same rows come under new keys, as with `ROW_NUMBER()` as the key.
///
/// Where more rows are removed and more are added than its bound, their values are compared
/// without the key; it stops the run if most removed rows come back. Never unless it is set.
struct UnstableKey: GuardRule {
  let limit: GuardLimit?

  /// Whether removed and added rows are so many that their values are to be compared.
  func asksForComparison(_ figures: GuardFigures) -> Bool {
    guard let most = limit?.most(of: figures.known) else { return false }
    return figures.removed > most && figures.added > most
  }

  func judge(_ figures: GuardFigures) -> GuardHit? {
    guard let limit, asksForComparison(figures), let rekeyed = figures.rekeyed,
      rekeyed.returned * 2 > rekeyed.compared
    else { return nil }
    return GuardHit(
      .unstableKey,
      "\(figures.removed) rows would be removed and \(figures.added) added, each more than "
        + "`unstable_key: \(limit.text)`, and \(rekeyed.returned) of \(rekeyed.compared) removed "
        + "rows come back under new keys",
      rows: rekeyed.returned,
      bound: limit.most(of: figures.known) ?? 0,
      setting: limit.text,
      examples: rekeyed.examples
    )
  }
}
