internal import Settings

/// What guards judge: what a run found, and of what.
struct GuardFigures: Sendable, Hashable {
  /// Rows of the snapshot.
  var known = 0
  /// Whether a complete result was ever delivered, so that the snapshot says how many rows are usual.
  var isEstablished = true
  /// Rows of the result that have a key of their own.
  var valid = 0
  /// Rows that the snapshot does not hold.
  var added = 0
  /// Rows that differ.
  var changed = 0
  /// Rows that are gone.
  var removed = 0
  /// Rows that were rejected until now.
  var rejected = 0
  /// What a comparison of removed rows with added ones found; nil if none was made.
  var rekeyed: Rekeyed?
  /// Primary keys of the first rows of each kind.
  var examples: [Change: [String]] = [:]
  /// Primary keys of the first rejected rows.
  var rejectedExamples: [String] = []

  /// Removed rows whose values come back under another key.
  struct Rekeyed: Sendable, Hashable {
    /// Removed rows that were compared.
    var compared: Int
    /// Those of them whose values an added row has.
    var returned: Int
    /// Old and new keys of the first ones.
    var examples: [String]
  }
}

extension Int {
  /// A number of rows, as people say it.
  var rowsText: String { self == 1 ? "1 row" : "\(self) rows" }
  /// `1 message`, `2 messages`.
  var messagesText: String { self == 1 ? "1 message" : "\(self) messages" }
}

extension GuardLimit {
  /// The most rows that it allows; nil for any number.
  func most(of known: Int) -> Int? {
    switch self {
    case .count(let count): count
    case .percent(let percent): Self.rows(percent, of: known, .down)
    case .unbounded: nil
    }
  }

  /// The fewest rows that it allows; nil for any number.
  func least(of known: Int) -> Int? {
    switch self {
    case .count(let count): count
    case .percent(let percent): Self.rows(percent, of: known, .up)
    case .unbounded: nil
    }
  }

  /// Whether it says how many rows there may be: a percentage only does once it is known how many
  /// are usual.
  func isKnown(in figures: GuardFigures) -> Bool {
    switch self {
    case .count: true
    case .percent: figures.isEstablished
    case .unbounded: false
    }
  }

  /// Exactly the bound passes, so what binary fractions add to it or take from it does not count.
  private static func rows(
    _ percent: Double,
    of known: Int,
    _ rule: FloatingPointRoundingRule
  ) -> Int {
    let rows = Double(known) * percent / 100
    let nearest = rows.rounded()
    let isWhole = abs(rows - nearest) <= max(nearest, 1) * 1e-12
    return Int(exactly: isWhole ? nearest : rows.rounded(rule)) ?? Int.max
  }
}
