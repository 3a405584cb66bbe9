internal import Reports
internal import Settings

/// Most rows that one run adds; any number unless it is set.
///
/// A percentage is not judged before a complete result was delivered: there is nothing to measure
/// by.
struct MaxAdded: GuardRule {
  let limit: GuardLimit?

  func judge(_ figures: GuardFigures) -> GuardHit? {
    guard let limit, limit.isKnown(in: figures), let most = limit.most(of: figures.known),
      figures.added > most
    else { return nil }
    let base = figures.known > 0 ? " to \(figures.known)" : ""
    return GuardHit(
      .maxAdded,
      "\(figures.added.rowsText) would be added\(base), more than `max_added: \(limit.text)`",
      rows: figures.added,
      bound: most,
      setting: limit.text,
      examples: figures.examples[.added] ?? []
    )
  }
}
