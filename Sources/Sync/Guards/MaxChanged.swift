internal import Reports
internal import Settings

/// Most rows that one run changes; any number unless it is set.
struct MaxChanged: GuardRule {
  let limit: GuardLimit?

  func judge(_ figures: GuardFigures) -> GuardHit? {
    guard let limit, let most = limit.most(of: figures.known), figures.changed > most else {
      return nil
    }
    return GuardHit(
      .maxChanged,
      "\(figures.changed) of \(figures.known) rows would change, more than "
        + "`max_changed: \(limit.text)`",
      rows: figures.changed,
      bound: most,
      setting: limit.text,
      examples: figures.examples[.changed] ?? []
    )
  }
}
