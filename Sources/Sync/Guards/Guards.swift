internal import Reports
internal import Settings

/// The guards of a run: which bounds hold, and which are lifted this once.
struct Guards: Sendable {
  let settings: GuardSettings
  let allowed: Set<Guard>

  /// Those that `figures` go beyond, in the order of ``Guard``.
  func hits(_ figures: GuardFigures, among judged: Set<Guard>) -> [GuardHit] {
    Guard.allCases.filter { judged.contains($0) && !allowed.contains($0) }
      .compactMap { rule($0).judge(figures) }
  }

  /// Whether `name` could stop a run with `figures`, whatever it finds.
  func isSet(_ name: Guard, _ figures: GuardFigures) -> Bool {
    !allowed.contains(name) && settings[name]?.isKnown(in: figures) ?? false
  }

  /// Whether removed and added rows are so many that their values are to be compared.
  func asksForComparison(_ figures: GuardFigures, among judged: Set<Guard>) -> Bool {
    judged.contains(.unstableKey) && !allowed.contains(.unstableKey)
      && UnstableKey(limit: settings[.unstableKey]).asksForComparison(figures)
  }

  private func rule(_ name: Guard) -> any GuardRule {
    let limit = settings[name]
    return switch name {
    case .maxRemoved: MaxRemoved(limit: limit)
    case .maxChanged: MaxChanged(limit: limit)
    case .maxAdded: MaxAdded(limit: limit)
    case .minRows: MinRows(limit: limit)
    case .maxRejected: MaxRejected(limit: limit)
    case .unstableKey: UnstableKey(limit: limit)
    }
  }
}

/// The rule of one guard: no state, no database, only figures.
protocol GuardRule {
  /// Takes the bound that is set, nil for the default.
  init(limit: GuardLimit?)

  /// What it finds beyond its bound; nil if the run may continue.
  func judge(_ figures: GuardFigures) -> GuardHit?
}
