internal import Reports
internal import Settings

/// Most rows that one run rejects; any number unless it is set.
///
/// Judged while rows are sent. A percentage is not judged before a complete result was delivered.
struct MaxRejected: GuardRule {
  let limit: GuardLimit?

  /// The bound in rows; nil for any number.
  func most(_ figures: GuardFigures) -> Int? {
    guard let limit, limit.isKnown(in: figures) else { return nil }
    return limit.most(of: figures.known)
  }

  func judge(_ figures: GuardFigures) -> GuardHit? {
    guard let limit, let most = most(figures), figures.rejected > most else { return nil }
    return GuardHit(
      .maxRejected,
      "\(figures.rejected.rowsText) rejected, more than `max_rejected: \(limit.text)`",
      rows: figures.rejected,
      bound: most,
      setting: limit.text,
      examples: figures.rejectedExamples
    )
  }
}
