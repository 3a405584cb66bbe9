internal import Reports
internal import Settings

/// Most rows that one run removes.
///
/// Unless it is set: half of the snapshot from 100 rows on, and never all of it.
struct MaxRemoved: GuardRule {
  let limit: GuardLimit?

  /// From so many rows on, the default bound holds.
  private static let defaultFrom = 100
  private static let defaultLimit = GuardLimit.percent(50)

  func judge(_ figures: GuardFigures) -> GuardHit? {
    let (removed, known) = (figures.removed, figures.known)
    if removed == 0 { return nil }
    if limit == nil, figures.valid == 0 {
      return hit("the result is empty: all \(known) rows would be removed", bound: 0, in: figures)
    }
    guard limit != nil || known >= Self.defaultFrom,
      let most = (limit ?? Self.defaultLimit).most(of: known), removed > most
    else { return nil }
    let bound = limit.map { "`max_removed: \($0.text)`" } ?? "50 %"
    return hit(
      "\(removed) of \(known) rows would be removed, more than \(bound)",
      bound: most,
      in: figures
    )
  }

  private func hit(_ finding: String, bound: Int, in figures: GuardFigures) -> GuardHit {
    GuardHit(
      .maxRemoved,
      finding,
      rows: figures.removed,
      bound: bound,
      setting: limit?.text,
      examples: figures.examples[.removed] ?? []
    )
  }
}
