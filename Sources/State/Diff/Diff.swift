public import Rows
public import Settings

/// Compares the rows of a result with a snapshot and collects what changed.
///
/// Linear in the rows; a row in the order of the snapshot costs a hash and a comparison, any
/// other one a look into a table. Used by one owner at a time.
public final class Diff {
  /// What is to be done with what is found.
  public struct Policy: Sendable {
    /// Whether changes of a kind leave a message.
    public var isSelected: @Sendable (Change) -> Bool
    /// Send every row as added: the number of the first batch of this backfill; rows that are
    /// in it already are left alone.
    public var backfillFrom: Int?
    /// With ``backfillFrom``: leave rows that are new or differ to the next run.
    public var repeatsOnly = false
    /// Remember every row without a message.
    public var isSilent = false
    /// Send rows of an older shape although nothing that counts differs.
    public var resendsOlderShapes = false
    /// Most additions and changes; nil for any number.
    public var changesMax: Int?

    /// Rows that were refused when they were last tried: their changes come after all others.
    public var refused: Set<KeyHash> = []

    /// When a missing row counts as removed; nil for at once.
    public var grace: Grace?

    /// Creates a policy.
    public init(isSelected: @escaping @Sendable (Change) -> Bool) {
      self.isSelected = isSelected
    }

    /// Whether rows enter or leave the snapshot by `change` without a message.
    func leavesNoMessage(_ change: Change) -> Bool { isSilent || !isSelected(change) }
  }

  /// What a line turned out to be.
  public struct Counts: Sendable, Hashable {
    /// Lines read.
    public var read = 0
    /// Rows as the snapshot holds them.
    public var unchanged = 0
    /// Rows that are new, and those that a backfill sends again.
    public var added = 0
    /// Those of ``added`` that the snapshot holds.
    public var repeated = 0
    /// Rows that are new or differ, which ``Policy/repeatsOnly`` leaves to the next run.
    public var left = 0
    /// Rows that differ.
    public var changed = 0
    /// Rows that are gone.
    public var removed = 0
    /// Rows that are missing, and whose removal waits.
    public var waiting = 0
    /// Rows that are missing and were not when the last complete result was read.
    public var newlyMissing = 0
    /// Lines without a valid key of their own.
    public var invalid: Int { nullKeys + duplicateKeys + malformed }
    /// Those of which a column of the key is NULL.
    public var nullKeys = 0
    /// Those whose key an earlier line has.
    public var duplicateKeys = 0
    /// Those that do not have the columns of the result.
    public var malformed = 0

    /// All zero.
    public init() {}
  }

  /// A line that identifies no row.
  public struct InvalidRow: Sendable {
    /// Why.
    public enum Reason: Sendable, Hashable, CaseIterable {
      /// A column of the key is NULL.
      case keyIsNull
      /// An earlier row of the result has the same key.
      case duplicateKey
      /// It does not have the columns of the result.
      case malformed
    }

    /// Why.
    public var reason: Reason
    /// Its line.
    public var line: [UInt8]
  }

  /// Most invalid rows kept with their lines; all are counted.
  public static let invalidRowsMax = 1000

  // A struct, so that the loops pay no check for exclusive access row by row.
  private var core: DiffCore

  /// Prepares to compare lines of `fieldCount` fields by `key` and `counted`.
  ///
  /// Takes the entries of `snapshot` over, which nobody else can use afterwards.
  public init(
    snapshot: Snapshot,
    policy: Policy,
    secret: UInt64,
    fieldCount: Int,
    key: [KeyField],
    counted: [Int]
  ) {
    let olderHashers = snapshot.olderShapes.mapValues { shape in
      HasherBox(
        RowHasher(seed: secret, fieldCount: fieldCount, key: key, counted: shape.fieldsOfResult)
      )
    }
    let hasher = RowHasher(
      seed: secret,
      fieldCount: fieldCount,
      key: key,
      counted: counted.map { RowHasher.Field(index: $0) }
    )
    core = DiffCore(
      snapshot: snapshot,
      policy: policy,
      hasher: hasher,
      olderHashers: olderHashers
    )
  }

  /// What was found until now.
  public var counts: Counts { core.counts }

  /// Whether the bound of `Policy.changesMax` is reached.
  public var isAtLimit: Bool { core.isAtLimit }

  /// Compares the lines of `page` and returns the batches that became full.
  public func process(_ page: Page) -> [ChangeBatch] { core.process(page) }

  /// Returns the last batches of additions and changes: those that were refused before come last.
  public func finishRows() -> [ChangeBatch] { core.finishRows() }

  /// The rows that the result passed over since the last call, in the snapshot's order.
  ///
  /// They are removed unless they come later: what ``StateFile/readAhead(_:)`` is for. Empty if the
  /// result comes in another order, or if removals leave no message.
  public func takePassedOver() -> [RowReference] { core.takePassedOver() }

  /// Returns the next batch of removals; nil when there are no more.
  ///
  /// Only after a complete result.
  public func nextRemovals() -> ChangeBatch? { core.nextRemovals() }

  /// Returns the next batch of removals that wait, because their rows may come back; nil when there
  /// are no more.
  ///
  /// Only after a complete result.
  public func nextWaitingRemovals() -> ChangeBatch? { core.nextWaitingRemovals() }

  /// Most batches that ``nextRemovals()`` and ``nextWaitingRemovals()`` return together, whatever the
  /// result holds.
  public var removalBatchesMax: Int { core.removalBatchesMax }

  /// The rows of the snapshot that are missing, those that were missing before included; empty unless
  /// removals wait.
  ///
  /// If the result was not complete, those that were missing before and did not come back in it.
  public func absences(isComplete: Bool) -> [KeyHash: Absence] {
    core.absences(isComplete: isComplete)
  }

  /// The rows of the snapshot that are missing and were missing before.
  public func missingBefore() -> Set<RowReference> { core.missingBefore() }

  /// The rows of the snapshot whose change is to be withdrawn from the batches.
  public func withdrawnRows() -> Set<RowReference> { core.withdrawnRows() }

  /// The invalid rows found since the last call.
  public func takeInvalidRows() -> [InvalidRow] { core.takeInvalidRows() }
}

// Handed over, never shared: one task owns it.
extension Diff: @unchecked Sendable {}
