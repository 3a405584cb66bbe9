internal import Settings

/// What a scan is for.
struct ScanIntent {
  /// Rows of the snapshot.
  let known: Int
  /// Whether a complete result was ever taken in.
  let isInitialized: Bool
  /// Whether rows are remembered without a message: the whole result, or nothing.
  let isSilent: Bool
  /// The first batch of the backfill in which every row is sent again; nil for a run.
  var backfillFrom: Int?
  /// Most additions and changes, nil for any number: with a bound nothing is removed.
  let limit: Int?
  /// Whether only a part of the result is read.
  let isPartial: Bool
  /// The guards of the sync, without those that are lifted this once.
  let guards: Guards

  init(_ sync: SyncSettings, _ options: RunOptions, known: Int, isInitialized: Bool) {
    self.known = known
    self.isInitialized = isInitialized
    let isFirst = known == 0 && !isInitialized
    let isSkipped = isFirst && sync.initialSync == .skip && options.command == .run
    isSilent = options.command == .resetToCurrent || isSkipped
    limit = isSilent ? nil : options.limit
    isPartial = !isSilent && options.isPartial
    guards = Guards(settings: sync.guards, allowed: options.allowedGuards)
  }

  /// Whether no complete result was ever taken in, nor a part of one.
  var isFirst: Bool { known == 0 && !isInitialized }

  /// Whether every row is sent again.
  var isBackfill: Bool { backfillFrom != nil }

  /// Whether rows that the result lacks are gone: not if only a part of it is read, and a backfill
  /// leaves them to the next run.
  var findsRemovals: Bool { !isPartial && !isBackfill }

  /// What guards can know before the first row.
  var figures: GuardFigures { GuardFigures(known: known, isEstablished: isInitialized) }

  /// Whether batches are sent while the result is read: nothing is to be judged first.
  var streams: Bool {
    let waits = [Guard.maxAdded, .minRows].contains {
      judged.contains($0) && guards.isSet($0, figures)
    }
    return !isSilent && (isFirst || isBackfill) && !waits
  }

  /// The guards that are judged when the scan is complete.
  ///
  /// What is only remembered floods nobody, but a result that is too small is taken in as little as
  /// it is sent. A backfill knows neither changed nor removed rows, and of a part of a result
  /// nobody can say what it lacks.
  var judged: Set<Guard> {
    if isSilent { return [.minRows] }
    if isPartial { return isBackfill ? [.maxAdded] : [.maxAdded, .maxChanged] }
    if isBackfill { return [.maxAdded, .minRows] }
    return [.maxRemoved, .maxChanged, .maxAdded, .minRows, .unstableKey]
  }
}
