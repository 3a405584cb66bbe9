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
    /// Remember every row without a message.
    public var isSilent = false
    /// Send rows of an older shape although nothing that counts differs.
    public var resendsOlderShapes = false
    /// Most additions and changes; nil for any number.
    public var changesMax: Int?

    /// Creates a policy.
    public init(isSelected: @escaping @Sendable (Change) -> Bool) {
      self.isSelected = isSelected
    }
  }

  /// What a line turned out to be.
  public struct Counts: Sendable, Hashable {
    /// Lines read.
    public var read = 0
    /// Rows as the snapshot holds them.
    public var unchanged = 0
    /// Rows that are new.
    public var added = 0
    /// Rows that differ.
    public var changed = 0
    /// Rows that are gone.
    public var removed = 0
    /// Lines without a valid key of their own.
    public var invalid = 0

    /// All zero.
    public init() {}
  }

  /// A line that identifies no row.
  public struct InvalidRow: Sendable {
    /// Why.
    public enum Reason: Sendable, Hashable {
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

  /// What was found until now.
  public private(set) var counts = Counts()
  /// Invalid rows not yet taken by ``takeInvalidRows()``.
  private var invalidRows: [InvalidRow] = []
  private var invalidRowsTaken = 0
  /// Entries whose change was taken back because a later row equals the snapshot.
  private var withdrawn: Set<Int> = []

  private let snapshot: Snapshot
  private let policy: Policy
  private var table = EntryTable()
  private var hasher: RowHasher
  private let olderHashers: [Int: HasherBox]
  private var cursor = 0
  private var detour = 0
  private let snapshotCount: Int
  private var current = ChangeBatch()

  /// Prepares to compare lines hashed by `key` and `counted`, indexes into `fieldCount` fields.
  public init(
    snapshot: Snapshot,
    policy: Policy,
    secret: UInt64,
    fieldCount: Int,
    key: [Int],
    counted: [Int]
  ) {
    self.snapshot = snapshot
    self.policy = policy
    snapshotCount = snapshot.entries.count
    hasher = RowHasher(
      seed: secret,
      fieldCount: fieldCount,
      key: key,
      counted: counted.map { RowHasher.Field(index: $0) }
    )
    olderHashers = snapshot.olderShapes.mapValues { shape in
      HasherBox(
        RowHasher(seed: secret, fieldCount: fieldCount, key: key, counted: shape.fieldsOfResult)
      )
    }
  }

  /// Whether the bound of `Policy.changesMax` is reached.
  public var isAtLimit: Bool {
    policy.changesMax.map { counts.added + counts.changed >= $0 } ?? false
  }

  /// Compares the lines of `page` and returns the batches that became full.
  public func process(_ page: Page) -> [ChangeBatch] {
    var full: [ChangeBatch] = []
    for index in 0..<page.count {
      if isAtLimit { break }
      compare(page.line(index))
      if current.isFull { full.append(takeCurrent()) }
    }
    return full
  }

  /// Returns the last, partly filled batch of additions and changes; nil where it is empty.
  public func finishRows() -> ChangeBatch? {
    current.changes.isEmpty ? nil : takeCurrent()
  }

  /// Returns the next batch of removals; nil when there are no more.
  ///
  /// Only after a complete result.
  public func nextRemovals() -> ChangeBatch? {
    let batch = ChangeBatch()
    let isSilent = policy.isSilent || !policy.isSelected(.removed)
    while removalCursor < snapshotCount, batch.changes.count < ChangeBatch.countMax {
      let index = removalCursor
      removalCursor += 1
      if snapshot.entries[flags: index] & (EntryStore.Flags.dead | EntryStore.Flags.seen) != 0 {
        continue
      }
      counts.removed += 1
      batch.changes.append(
        ChangeBatch.RowChange(
          kind: .removed,
          isSilent: isSilent,
          old: snapshot.segments.reference(to: index)
        )
      )
    }
    return batch.changes.isEmpty ? nil : batch
  }

  private var removalCursor = 0

  /// How many rows of the snapshot the complete result did not hold.
  public func countRemovals() -> Int {
    (0..<snapshotCount).count { index in
      snapshot.entries[flags: index] & (EntryStore.Flags.dead | EntryStore.Flags.seen) == 0
    }
  }

  /// The rows of the snapshot whose change is to be withdrawn from the batches.
  public func withdrawnRows() -> Set<RowReference> {
    Set(withdrawn.map { snapshot.segments.reference(to: $0) })
  }

  /// The invalid rows found since the last call.
  public func takeInvalidRows() -> [InvalidRow] {
    defer { invalidRows = [] }
    invalidRowsTaken += invalidRows.count
    return invalidRows
  }

  private func takeCurrent() -> ChangeBatch {
    defer { current = ChangeBatch() }
    return current
  }

  private func compare(_ line: UnsafeRawBufferPointer) {
    counts.read += 1
    switch hasher.hash(line) {
    case .malformed: reportInvalid(line, .malformed)
    case .keyIsNull: reportInvalid(line, .keyIsNull)
    case .entry(let entry):
      if let index = find(entry) {
        meet(index, entry, line)
      } else {
        add(entry, line, old: nil)
        snapshot.entries.append(entry, flags: EntryStore.Flags.seen)
        if table.isBuilt { table.insertLast(of: snapshot.entries) }
      }
    }
  }

  /// Looks where the row would be in order, then behind the last row that was not, then anywhere.
  private func find(_ entry: Entry) -> Int? {
    if let index = take(&cursor, entry) ?? take(&detour, entry) { return index }
    // With nothing in the snapshot a row can still be a duplicate of one of this run.
    if !table.isBuilt { table.build(snapshot.entries) }
    guard let index = table.find(entry, in: snapshot.entries) else { return nil }
    detour = index + 1
    return index
  }

  private func take(_ cursor: inout Int, _ entry: Entry) -> Int? {
    while cursor < snapshotCount, snapshot.entries[flags: cursor] & EntryStore.Flags.dead != 0 {
      cursor += 1
    }
    guard cursor < snapshotCount, snapshot.entries[cursor].hasKey(of: entry) else { return nil }
    defer { cursor += 1 }
    return cursor
  }

  private func meet(_ index: Int, _ entry: Entry, _ line: UnsafeRawBufferPointer) {
    let flags = snapshot.entries[flags: index]
    if flags & EntryStore.Flags.seen != 0 { return meetAgain(index, entry, line) }
    if policy.backfillFrom != nil { return meetInBackfill(index, entry, line) }
    if policy.resendsOlderShapes, isOfOlderShape(index) {
      return change(index, entry, line)
    }
    guard equals(index, entry, line) else { return change(index, entry, line) }
    snapshot.entries[flags: index] = flags | EntryStore.Flags.seen
    counts.unchanged += 1
    guard isOfOlderShape(index) else { return }
    let change = ChangeBatch.RowChange(
      kind: .absorbed,
      isSilent: true,
      old: snapshot.segments.reference(to: index)
    )
    current.append(change, line, entry)
  }

  private func meetAgain(_ index: Int, _ entry: Entry, _ line: UnsafeRawBufferPointer) {
    reportInvalid(line, .duplicateKey)
    let flags = snapshot.entries[flags: index]
    guard flags & EntryStore.Flags.changed != 0, policy.backfillFrom == nil,
      equals(index, entry, line)
    else { return }
    // Of rows with one key the one that equals the snapshot counts, wherever it stands.
    withdrawn.insert(index)
    snapshot.entries[flags: index] = flags & ~EntryStore.Flags.changed
    counts.changed -= 1
    counts.unchanged += 1
  }

  private func meetInBackfill(_ index: Int, _ entry: Entry, _ line: UnsafeRawBufferPointer) {
    snapshot.entries[flags: index] |= EntryStore.Flags.seen
    let segment = snapshot.segments.segment(of: index)
    if let first = policy.backfillFrom, segment.batch >= first, equals(index, entry, line) {
      counts.unchanged += 1
      return
    }
    add(entry, line, old: snapshot.segments.reference(to: index))
  }

  private func add(_ entry: Entry, _ line: UnsafeRawBufferPointer, old: RowReference?) {
    counts.added += 1
    let isSilent = policy.isSilent || (policy.backfillFrom == nil && !policy.isSelected(.added))
    current.append(
      ChangeBatch.RowChange(kind: .added, isSilent: isSilent, old: old),
      line,
      entry
    )
  }

  private func change(_ index: Int, _ entry: Entry, _ line: UnsafeRawBufferPointer) {
    snapshot.entries[flags: index] |= EntryStore.Flags.seen | EntryStore.Flags.changed
    counts.changed += 1
    let change = ChangeBatch.RowChange(
      kind: .changed,
      isSilent: policy.isSilent || !policy.isSelected(.changed),
      old: snapshot.segments.reference(to: index)
    )
    current.append(change, line, entry)
  }

  private func isOfOlderShape(_ index: Int) -> Bool {
    !olderHashers.isEmpty && olderHashers[snapshot.segments.segment(of: index).shape] != nil
  }

  private func equals(_ index: Int, _ entry: Entry, _ line: UnsafeRawBufferPointer) -> Bool {
    let known = snapshot.entries[index].fingerprint
    if olderHashers.isEmpty { return known == entry.fingerprint }
    let shape = snapshot.segments.segment(of: index).shape
    guard let box = olderHashers[shape] else { return known == entry.fingerprint }
    guard case .entry(let older) = box.hasher.hash(line) else { return false }
    return known == older.fingerprint
  }

  private func reportInvalid(_ line: UnsafeRawBufferPointer, _ reason: InvalidRow.Reason) {
    counts.invalid += 1
    guard invalidRowsTaken + invalidRows.count < Self.invalidRowsMax else { return }
    invalidRows.append(InvalidRow(reason: reason, line: Array(line.prefix(65536))))
  }
}

// Handed over, never shared: one task owns it.
extension Diff: @unchecked Sendable {}

/// Keeps a hasher, which cannot be copied, in a dictionary.
private final class HasherBox {
  var hasher: RowHasher

  init(_ hasher: consuming RowHasher) {
    self.hasher = hasher
  }
}
