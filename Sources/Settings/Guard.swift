/// What can stop a run before it does damage.
public enum Guard: String, Sendable, Hashable, CaseIterable {
  /// Most rows that one run may remove.
  case maxRemoved = "max_removed"
  /// Most rows that one run may change.
  case maxChanged = "max_changed"
  /// Most rows that one run may add.
  case maxAdded = "max_added"
  /// Fewest rows that a result must have.
  case minRows = "min_rows"
  /// Most rows that one run may reject.
  case maxRejected = "max_rejected"
  /// Most rows that may be removed and added in one run before their values are compared: they may
  /// be the same rows under new keys.
  case unstableKey = "unstable_key"

  /// The kind of error of a run that it stops.
  public var kind: ErrorKind {
    switch self {
    case .maxRemoved: .maxRemoved
    case .maxChanged: .maxChanged
    case .maxAdded: .maxAdded
    case .minRows: .minRows
    case .maxRejected: .maxRejected
    case .unstableKey: .unstableKey
    }
  }

  /// The highest percentage that makes sense for it; nil for any.
  public var percentMax: Double? {
    switch self {
    case .maxAdded, .maxRejected: nil
    case .maxRemoved, .maxChanged, .minRows, .unstableKey: 100
    }
  }
}

/// The bound of a guard.
public enum GuardLimit: Sendable, Hashable {
  /// This many rows.
  case count(Int)
  /// This many percent of the snapshot's rows, from 0.
  case percent(Double)
  /// No bound: also not that of the project's defaults.
  case unbounded

  /// The bound as it is written in a sync.
  public var text: String {
    switch self {
    case .count(let count): "\(count)"
    case .percent(let percent):
      Int(exactly: percent).map { "\($0)%" } ?? "\(percent)%"
    case .unbounded: "none"
    }
  }
}

/// The guards of a sync, each with its bound.
public struct GuardSettings: Sendable, Hashable {
  private var limits: [Guard: GuardLimit] = [:]

  /// No guard is set.
  public init() {}

  /// The bound that is set for a guard; nil for its default.
  public subscript(_ guarded: Guard) -> GuardLimit? {
    get { limits[guarded] }
    set { limits[guarded] = newValue }
  }
}
