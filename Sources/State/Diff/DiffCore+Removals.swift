internal import Rows
internal import Settings

/// The rows that a result lacks.
extension DiffCore {
  /// Returns the next batch of removals; nil when there are no more.
  mutating func nextRemovals() -> ChangeBatch? {
    var cursor = removalCursor
    defer { removalCursor = cursor }
    let batch = removals(from: &cursor, waiting: false)
    counts.removed += batch?.changes.count ?? 0
    return batch
  }

  /// Returns the next batch of removals that wait; nil when there are no more.
  mutating func nextWaitingRemovals() -> ChangeBatch? {
    if policy.grace == nil { return nil }
    var cursor = waitingCursor
    defer { waitingCursor = cursor }
    let batch = removals(from: &cursor, waiting: true)
    counts.waiting += batch?.changes.count ?? 0
    return batch
  }

  /// Most batches of both kinds: each but the last of a kind is full.
  var removalBatchesMax: Int {
    (snapshotCount + ChangeBatch.countMax - 1) / ChangeBatch.countMax
      + (policy.grace == nil ? 0 : 1)
  }

  /// The rows that are missing, with how long they have been.
  func absences(isComplete: Bool) -> [KeyHash: Absence] {
    guard let grace = policy.grace else { return [:] }
    var absences: [KeyHash: Absence] = [:]
    // Of a part of a result nobody can say what it lacks, only what came back.
    if !isComplete && grace.known.isEmpty { return [:] }
    for index in 0..<snapshotCount where isMissing(index) {
      let key = KeyHash(entries[index])
      absences[key] = isComplete ? grace.absence(of: key) : grace.known[key]
    }
    return absences
  }

  /// The rows that are missing and were missing before.
  mutating func missingBefore() -> Set<RowReference> {
    guard let known = policy.grace?.known, !known.isEmpty else { return [] }
    var rows: Set<RowReference> = []
    for index in 0..<snapshotCount where isMissing(index) {
      if known[KeyHash(entries[index])] != nil { rows.insert(segments.reference(to: index)) }
    }
    return rows
  }

  /// The rows that the result passed over since the last call, of whole segments, in order.
  ///
  /// Empty for a segment of which the result lacks much: it comes in another order.
  mutating func takePassedOver() -> [RowReference] {
    if policy.leavesNoMessage(.removed) { return [] }
    var passed: [RowReference] = []
    while passedSegments < segments.segments.count {
      let segment = segments.segments[passedSegments]
      if segment.first + segment.count > position { break }
      passedSegments += 1
      let missing = (0..<segment.count).filter { isMissing(segment.first + $0) }
      if missing.count > segment.count / Self.passedOverShare { continue }
      passed += missing.map { RowReference(segment: segment.number, slot: UInt32($0)) }
    }
    return passed
  }

  private mutating func removals(from cursor: inout Int, waiting: Bool) -> ChangeBatch? {
    var batch = ChangeBatch.Draft(capacity: 0)
    let isSilent = policy.leavesNoMessage(.removed)
    while cursor < snapshotCount, batch.changes.count < ChangeBatch.countMax {
      let index = cursor
      cursor += 1
      guard isMissing(index), mayComeBack(index) == waiting else { continue }
      if policy.grace?.known[KeyHash(entries[index])] == nil { counts.newlyMissing += 1 }
      batch.append(
        removal: ChangeBatch.RowChange(
          kind: .removed,
          isSilent: isSilent,
          old: segments.reference(to: index)
        )
      )
    }
    return batch.changes.isEmpty ? nil : ChangeBatch(batch)
  }

  private func isMissing(_ index: Int) -> Bool {
    entries[flags: index] & (EntryStore.Flags.dead | EntryStore.Flags.seen) == 0
  }

  private func mayComeBack(_ index: Int) -> Bool {
    guard let grace = policy.grace else { return false }
    return !grace.isOver(grace.absence(of: KeyHash(entries[index])))
  }
}
