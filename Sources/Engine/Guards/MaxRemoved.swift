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
    if let limit {
      guard let most = limit.most(of: known), removed > most else { return nil }
      return hit("more than `max_removed: \(limit.text)`", most, figures)
    }
    if figures.valid == 0 {
      let finding = "the result is empty: all \(known) rows would be removed"
      return hit(finding: finding, 0, figures)
    }
    guard known >= Self.defaultFrom, let most = Self.defaultLimit.most(of: known), removed > most
    else { return nil }
    return hit("more than 50 %", most, figures)
  }

  private func hit(_ bound: String, _ most: Int, _ figures: GuardFigures) -> GuardHit {
    hit(
      finding: "\(figures.removed) of \(figures.known) rows would be removed, \(bound)",
      most,
      figures
    )
  }

  private func hit(finding: String, _ most: Int, _ figures: GuardFigures) -> GuardHit {
    GuardHit(
      .maxRemoved,
      finding,
      rows: figures.removed,
      bound: most,
      setting: limit?.text,
      examples: figures.examples[.removed] ?? []
    )
  }
}
