import Reports
import Settings
import Testing

@testable import Sync

/// Each guard over figures, without a database.
@Suite struct GuardRuleTests {
  struct Case: Sendable, CustomStringConvertible {
    var name: Guard
    var limit: GuardLimit?
    var figures: GuardFigures
    /// What it finds; nil if the run continues.
    var finding: String?
    /// The bound in rows.
    var bound = 0

    var description: String { "\(name.rawValue): \(limit?.text ?? "default") of \(figures)" }
  }

  private static func figures(_ known: Int, _ change: (inout GuardFigures) -> Void) -> GuardFigures
  {
    var figures = GuardFigures(known: known, valid: known)
    change(&figures)
    return figures
  }

  private static func removed(_ removed: Int, of known: Int) -> GuardFigures {
    figures(known) {
      $0.removed = removed
      $0.valid = known - removed
    }
  }

  private static func renumbered(_ rows: Int, returned: Int) -> GuardFigures {
    figures(100) {
      $0.removed = rows
      $0.added = rows
      $0.rekeyed = .init(compared: rows, returned: returned, examples: ["1 → 101"])
    }
  }

  static let cases: [Case] = [
    Case(name: .maxRemoved, figures: removed(50, of: 100)),
    Case(
      name: .maxRemoved,
      figures: removed(51, of: 100),
      finding: "51 of 100 rows would be removed, more than 50 %",
      bound: 50
    ),
    Case(name: .maxRemoved, figures: removed(98, of: 99)),
    Case(
      name: .maxRemoved,
      figures: removed(3, of: 3),
      finding: "the result is empty: all 3 rows would be removed"
    ),
    Case(name: .maxRemoved, figures: removed(0, of: 0)),
    Case(name: .maxRemoved, limit: .percent(100), figures: removed(3, of: 3)),
    Case(name: .maxRemoved, limit: .unbounded, figures: removed(1000, of: 1000)),
    Case(name: .maxRemoved, limit: .count(2), figures: removed(2, of: 9)),
    Case(
      name: .maxRemoved,
      limit: .count(0),
      figures: removed(1, of: 9),
      finding: "1 of 9 rows would be removed, more than `max_removed: 0`"
    ),
    // Exactly the bound passes, also if its binary fraction falls short of it.
    Case(name: .maxChanged, limit: .percent(4.35), figures: figures(2000) { $0.changed = 87 }),
    Case(
      name: .maxChanged,
      limit: .percent(4.35),
      figures: figures(2000) { $0.changed = 88 },
      finding: "88 of 2000 rows would change, more than `max_changed: 4.35%`",
      bound: 87
    ),
    Case(name: .maxChanged, limit: .percent(12.5), figures: figures(20) { $0.changed = 2 }),
    Case(
      name: .maxChanged,
      limit: .percent(12.5),
      figures: figures(20) { $0.changed = 3 },
      finding: "3 of 20 rows would change, more than `max_changed: 12.5%`",
      bound: 2
    ),
    Case(name: .maxChanged, figures: figures(20) { $0.changed = 20 }),
    Case(name: .maxAdded, limit: .percent(150), figures: figures(10) { $0.added = 15 }),
    Case(
      name: .maxAdded,
      limit: .percent(150),
      figures: figures(10) { $0.added = 16 },
      finding: "16 rows would be added to 10, more than `max_added: 150%`",
      bound: 15
    ),
    Case(
      name: .maxAdded,
      limit: .count(5),
      figures: figures(0) {
        $0.isEstablished = false
        $0.added = 6
      },
      finding: "6 rows would be added, more than `max_added: 5`",
      bound: 5
    ),
    // A part of a first run says nothing of how many rows are usual.
    Case(
      name: .maxAdded,
      limit: .percent(5),
      figures: figures(10) {
        $0.isEstablished = false
        $0.added = 1000
      }
    ),
    Case(name: .maxAdded, limit: .percent(1e300), figures: figures(.max) { $0.added = .max }),
    Case(name: .minRows, limit: .count(3), figures: figures(9) { $0.valid = 3 }),
    Case(
      name: .minRows,
      limit: .count(3),
      figures: figures(0) { $0.isEstablished = false },
      finding: "the result has 0 rows, fewer than `min_rows: 3`",
      bound: 3
    ),
    Case(name: .minRows, limit: .percent(29), figures: figures(100) { $0.valid = 29 }),
    Case(
      name: .minRows,
      limit: .percent(50),
      figures: figures(5) { $0.valid = 2 },
      finding: "the result has 2 rows, fewer than `min_rows: 50%` of the 5 rows before",
      bound: 3
    ),
    Case(name: .maxRejected, limit: .count(2), figures: figures(9) { $0.rejected = 2 }),
    Case(
      name: .maxRejected,
      limit: .percent(10),
      figures: figures(9) { $0.rejected = 1 },
      finding: "1 row rejected, more than `max_rejected: 10%`"
    ),
    Case(name: .unstableKey, limit: .percent(5), figures: renumbered(5, returned: 5)),
    Case(name: .unstableKey, limit: .percent(5), figures: renumbered(10, returned: 5)),
    Case(
      name: .unstableKey,
      limit: .percent(5),
      figures: renumbered(10, returned: 6),
      finding: "10 rows would be removed and 10 added, each more than `unstable_key: 5%`, and "
        + "6 of 10 removed rows come back under new keys",
      bound: 5
    ),
    Case(name: .unstableKey, figures: renumbered(100, returned: 100)),
  ]

  @Test(arguments: cases) func `a guard stops beyond its bound and not at it`(_ item: Case) {
    var settings = GuardSettings()
    settings[item.name] = item.limit
    let guards = Guards(settings: settings, allowed: [])
    let hits = guards.hits(item.figures, among: [item.name])
    #expect(hits.map(\.finding) == [item.finding].compactMap(\.self))
    #expect(hits.map(\.bound) == (item.finding == nil ? [] : [item.bound]))
    #expect(hits.allSatisfy { $0.setting == item.limit?.text })
    #expect(
      Guards(settings: settings, allowed: [item.name]).hits(item.figures, among: [item.name]) == []
    )
    #expect(guards.hits(item.figures, among: []) == [])
  }

  @Test func `each guard stops some figures under its own name`() {
    let stopping = Set(Self.cases.filter { $0.finding != nil }.map(\.name))
    #expect(stopping == Set(Guard.allCases))
    for item in Self.cases where item.finding != nil {
      var settings = GuardSettings()
      settings[item.name] = item.limit
      let hits = Guards(settings: settings, allowed: []).hits(item.figures, among: [item.name])
      #expect(hits.map(\.name) == [item.name])
    }
  }
}
