public import Rows

/// How long a row of the snapshot has been missing from complete results.
public struct Absence: Sendable, Hashable {
  /// When the first result that lacked it was read, in microseconds since 1970.
  public var since: Int
  /// How many complete results in a row lacked it.
  public var results: Int

  /// Creates the absence that was first seen at `since`.
  public init(since: Int, results: Int = 1) {
    self.since = since
    self.results = results
  }
}

extension Diff {
  /// When a missing row counts as removed.
  public struct Grace: Sendable {
    /// The rows that were missing from the last complete result.
    public var known: [KeyHash: Absence]
    /// When this result is read, in microseconds since 1970.
    public var now: Int
    /// Whether a row is removed after such an absence, this result included.
    public var isOver: @Sendable (Absence) -> Bool

    /// Describes the rule.
    public init(
      known: [KeyHash: Absence],
      now: Int,
      isOver: @escaping @Sendable (Absence) -> Bool
    ) {
      self.known = known
      self.now = now
      self.isOver = isOver
    }

    /// The absence of a row that this result lacks, too.
    func absence(of key: KeyHash) -> Absence {
      guard let known = known[key] else { return Absence(since: now) }
      return Absence(since: known.since, results: known.results + 1)
    }
  }
}
