internal import Reports
internal import Settings

/// Fewest rows that a result has, those without a key of their own left out; any number unless it
/// is set.
///
/// A percentage is not judged before a complete result was delivered.
struct MinRows: GuardRule {
  let limit: GuardLimit?

  func judge(_ figures: GuardFigures) -> GuardHit? {
    guard let limit, limit.isKnown(in: figures), let least = limit.least(of: figures.known),
      figures.valid < least
    else { return nil }
    let base = if case .percent = limit { " of the \(figures.known) rows before" } else { "" }
    return GuardHit(
      .minRows,
      "the result has \(figures.valid.rowsText), fewer than `min_rows: \(limit.text)`\(base)",
      rows: figures.valid,
      bound: least,
      setting: limit.text
    )
  }
}
