internal import Rows
internal import Settings

/// The work of a ``Diff``.
struct DiffCore: ~Copyable {
  /// What was found until now.
  var counts = Diff.Counts()
  /// Invalid rows not yet taken by ``takeInvalidRows()``.
  private var invalidRows: [Diff.InvalidRow] = []
  private var invalidRowsTaken = 0
  /// Entries whose change was taken back because a later row equals the snapshot.
  private var withdrawn: Set<Int> = []

  private(set) var entries: EntryStore
  var segments: SegmentMap
  let policy: Diff.Policy
  private var table = EntryTable()
  private var order = KeyOrder()
  private var hasher: RowHasher
  private let olderHashers: [Int: HasherBox]
  private var cursor = 0
  private var detour = 0
  let snapshotCount: Int
  /// The next entries that are looked at for removals, and for those that wait.
  var removalCursor = 0
  var waitingCursor = 0
  /// Segments that ``takePassedOver()`` looked at.
  var passedSegments = 0
  private var current = ChangeBatch.Draft()
  /// Changes of rows that were refused before, for after the others.
  private var retries: [DraftBox] = []

  /// Most batches of such rows that are held back; more of them go with the others, so that memory
  /// stays bounded.
  private static let retriesMax = 8
  /// Most entries that are looked through at once for a row that comes after removed ones.
  private static let gapMax = 32
  /// A segment counts as passed in order if the result lacks at most one in so many of its rows.
  static let passedOverShare = 4

  init(
    snapshot: Snapshot,
    policy: Diff.Policy,
    hasher: consuming RowHasher,
    olderHashers: [Int: HasherBox]
  ) {
    self.policy = policy
    self.hasher = hasher
    self.olderHashers = olderHashers
    segments = snapshot.segments
    entries = snapshot.takeEntries()
    snapshotCount = entries.count
  }

  /// Whether the bound of `Policy.changesMax` is reached.
  var isAtLimit: Bool {
    policy.changesMax.map { counts.added + counts.changed >= $0 } ?? false
  }

  /// The entry after the last one that was met, as far as the result comes in order.
  var position: Int { max(cursor, detour) }

  /// Compares the lines of `page` and returns the batches that became full.
  mutating func process(_ page: Page) -> [ChangeBatch] {
    var full: [ChangeBatch] = []
    var lines = Page.Lines()
    page.exchange(&lines)
    defer { page.exchange(&lines) }
    for index in 0..<lines.count {
      if isAtLimit { break }
      compare(lines.line(index))
      if current.isFull { full.append(takeCurrent()) }
    }
    return full
  }

  /// Returns the last batches of additions and changes: those that were refused before come last.
  mutating func finishRows() -> [ChangeBatch] {
    defer { retries = [] }
    return (current.changes.isEmpty ? [] : [takeCurrent()])
      + retries.map { ChangeBatch($0.take(), isRetry: true) }
  }

  /// Puts a change that leaves a message where it belongs: with the others, or after them.
  private mutating func append(
    _ change: ChangeBatch.RowChange,
    line: UnsafeRawBufferPointer,
    entry: Entry
  ) {
    guard !policy.refused.isEmpty, policy.refused.contains(KeyHash(entry)),
      let retry = retryDraft()
    else { return current.append(change, line: line, entry: entry) }
    retry.draft.append(change, line: line, entry: entry)
  }

  /// The batch for one more row that was refused before; nil if there are enough of them.
  private mutating func retryDraft() -> DraftBox? {
    if let last = retries.last, !last.draft.isFull { return last }
    guard retries.count < Self.retriesMax else { return nil }
    let box = DraftBox()
    retries.append(box)
    return box
  }

  /// The rows of the snapshot whose change is to be withdrawn from the batches.
  mutating func withdrawnRows() -> Set<RowReference> {
    Set(withdrawn.map { segments.reference(to: $0) })
  }

  /// The invalid rows found since the last call.
  mutating func takeInvalidRows() -> [Diff.InvalidRow] {
    defer { invalidRows = [] }
    invalidRowsTaken += invalidRows.count
    return invalidRows
  }

  private mutating func takeCurrent() -> ChangeBatch {
    var full = ChangeBatch.Draft(like: current)
    swap(&full, &current)
    return ChangeBatch(full)
  }

  private mutating func compare(_ line: UnsafeRawBufferPointer) {
    counts.read += 1
    switch hasher.hash(line) {
    case .malformed: reportInvalid(line, .malformed)
    case .keyIsNull: reportInvalid(line, .keyIsNull)
    case .entry(let entry):
      if let index = find(entry) {
        meet(index, entry: entry, line: line)
      } else {
        if policy.repeatsOnly { counts.left += 1 } else { add(entry, line, old: nil) }
        entries.append(entry, flags: EntryStore.Flags.seen)
      }
    }
  }

  /// Looks where the row would be in order, then anywhere.
  private mutating func find(_ entry: Entry) -> Int? {
    // With nothing in the snapshot a row can still be a duplicate of one of this run.
    if snapshotCount == 0 {
      if order.isNew(hasher.plainKey) { return nil }
    } else if let index = findInOrder(entry) {
      return index
    }
    table.update(entries)
    guard let index = table.find(entry, in: entries) else { return nil }
    detour = index + 1
    return index
  }

  /// Looks where the row would be in order, then after the last row that was not.
  private mutating func findInOrder(_ entry: Entry) -> Int? {
    // Kept also without a match, so that a run of dead entries is walked only once.
    cursor = firstAlive(from: cursor)
    if holdsKey(of: entry, at: cursor) {
      cursor += 1
      return cursor - 1
    }
    detour = firstAlive(from: detour)
    if holdsKey(of: entry, at: detour) {
      detour += 1
      return detour - 1
    }
    // A table of everything is not worth its time for some rows that were removed.
    if table.isBuilt { return nil }
    for index in cursor..<min(cursor + Self.gapMax, snapshotCount)
    where entries[index].hasKey(of: entry) && entries[flags: index] & EntryStore.Flags.dead == 0 {
      cursor = index + 1
      return index
    }
    return nil
  }

  private func firstAlive(from position: Int) -> Int {
    var index = position
    while index < snapshotCount, entries[flags: index] & EntryStore.Flags.dead != 0 { index += 1 }
    return index
  }

  private func holdsKey(of entry: Entry, at index: Int) -> Bool {
    index < snapshotCount && entries[index].hasKey(of: entry)
  }

  private mutating func meet(_ index: Int, entry: Entry, line: UnsafeRawBufferPointer) {
    let flags = entries[flags: index]
    if flags & EntryStore.Flags.seen != 0 { return meetAgain(index, entry: entry, line: line) }
    if policy.backfillFrom != nil { return meetInBackfill(index, entry: entry, line: line) }
    if policy.resendsOlderShapes, isOfOlderShape(index) {
      return change(index, entry: entry, line: line)
    }
    guard equals(index, entry: entry, line: line) else {
      return change(index, entry: entry, line: line)
    }
    entries[flags: index] = flags | EntryStore.Flags.seen
    counts.unchanged += 1
    guard isOfOlderShape(index) else { return }
    let change = ChangeBatch.RowChange(
      kind: .absorbed,
      isSilent: true,
      old: segments.reference(to: index)
    )
    current.append(change, line: line, entry: entry)
  }

  private mutating func meetAgain(_ index: Int, entry: Entry, line: UnsafeRawBufferPointer) {
    reportInvalid(line, .duplicateKey)
    let flags = entries[flags: index]
    guard flags & EntryStore.Flags.changed != 0, policy.backfillFrom == nil,
      equals(index, entry: entry, line: line)
    else { return }
    // Of rows with one key the one that equals the snapshot counts, wherever it stands.
    withdrawn.insert(index)
    entries[flags: index] = flags & ~EntryStore.Flags.changed
    counts.changed -= 1
    counts.unchanged += 1
  }

  private mutating func meetInBackfill(_ index: Int, entry: Entry, line: UnsafeRawBufferPointer) {
    entries[flags: index] |= EntryStore.Flags.seen
    let segment = segments.segment(of: index)
    if policy.repeatsOnly, !equals(index, entry: entry, line: line) {
      counts.left += 1
      return
    }
    if let first = policy.backfillFrom, segment.batch >= first,
      equals(index, entry: entry, line: line)
    {
      counts.unchanged += 1
      return
    }
    counts.repeated += 1
    add(entry, line, old: segments.reference(to: index))
  }

  private mutating func add(_ entry: Entry, _ line: UnsafeRawBufferPointer, old: RowReference?) {
    counts.added += 1
    let isSilent = policy.isSilent || (policy.backfillFrom == nil && !policy.isSelected(.added))
    append(
      ChangeBatch.RowChange(kind: .added, isSilent: isSilent, old: old),
      line: line,
      entry: entry
    )
  }

  private mutating func change(_ index: Int, entry: Entry, line: UnsafeRawBufferPointer) {
    entries[flags: index] |= EntryStore.Flags.seen | EntryStore.Flags.changed
    counts.changed += 1
    let change = ChangeBatch.RowChange(
      kind: .changed,
      isSilent: policy.leavesNoMessage(.changed),
      old: segments.reference(to: index)
    )
    append(change, line: line, entry: entry)
  }

  private mutating func isOfOlderShape(_ index: Int) -> Bool {
    !olderHashers.isEmpty && olderHashers[segments.segment(of: index).shape] != nil
  }

  private mutating func equals(_ index: Int, entry: Entry, line: UnsafeRawBufferPointer) -> Bool {
    let known = entries[index].fingerprint
    if olderHashers.isEmpty { return known == entry.fingerprint }
    let shape = segments.segment(of: index).shape
    guard let box = olderHashers[shape] else { return known == entry.fingerprint }
    guard case .entry(let older) = box.hasher.hash(line) else { return false }
    return known == older.fingerprint
  }

  private mutating func reportInvalid(
    _ line: UnsafeRawBufferPointer,
    _ reason: Diff.InvalidRow.Reason
  ) {
    switch reason {
    case .keyIsNull: counts.nullKeys += 1
    case .duplicateKey: counts.duplicateKeys += 1
    case .malformed: counts.malformed += 1
    }
    guard invalidRowsTaken + invalidRows.count < Diff.invalidRowsMax else { return }
    invalidRows.append(Diff.InvalidRow(reason: reason, line: Array(line.prefix(65536))))
  }
}

/// Keeps a hasher, which cannot be copied, in a dictionary.
final class HasherBox {
  var hasher: RowHasher

  init(_ hasher: consuming RowHasher) {
    self.hasher = hasher
  }
}
