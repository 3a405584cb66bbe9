internal import Text
public import Rows

extension StateFile {
  /// What a batch is when it is written down.
  public enum Stage: String, Sendable {
    /// Waits for the end of the scan; dropped when that does not come.
    case staged
    /// Will be sent, whatever happens.
    case prepared
  }

  /// Writes `batch` down and hands it back ready to be sent.
  ///
  /// A prepared batch is on the disk when this returns, a staged one when staged batches are prepared.
  ///
  /// It gets `number`, which must not be in use, or nil for the one after the highest. Lines of the
  /// snapshot come with it if `withPrevious`.
  /// Throws a ``StateError`` if the file cannot be written.
  public func write(
    _ batch: ChangeBatch,
    as stage: Stage,
    shape: Int,
    isBackfill: Bool = false,
    number: Int? = nil,
    withPrevious: Bool = false
  ) throws(StateError) -> DeliverableBatch {
    try database.transaction(isDurable: stage == .prepared) { () throws(StateError) in
      let number = if let number { number } else { try database.next("batch") }
      let token = randomToken()
      try insertBatch(
        number,
        stage: stage,
        token: token,
        shape: shape,
        isBackfill: isBackfill,
        batch: batch
      )
      let segments = try insertSegments(of: batch, number, shape: shape)
      let written = DeliverableBatch(
        number: number,
        token: token,
        isBackfill: isBackfill,
        shape: shape,
        changes: batch.changes,
        rows: batch.rows,
        segments: segments
      )
      written.isRetry = batch.isRetry
      if withPrevious { try readOldRows(of: written, withPrevious: true) }
      return written
    }
  }

  /// Drops every batch at `stage`: staged ones that an incomplete scan left behind, or prepared ones
  /// of which not one message was sent.
  ///
  /// Returns the number of batches dropped. Throws a ``StateError`` if they cannot be.
  @discardableResult
  public func drop(_ stage: Stage) throws(StateError) -> Int {
    try database.transaction { () throws(StateError) in
      let numbers = try batches(stage)
      if numbers.isEmpty { return 0 }
      let dropped = "(SELECT number FROM batch WHERE state = '\(stage.rawValue)')"
      try database.execute(
        """
        DELETE FROM records WHERE segment IN
          (SELECT number FROM segment WHERE batch IN \(dropped));
        DELETE FROM segment WHERE batch IN \(dropped);
        DELETE FROM pinned WHERE batch IN \(dropped);
        DELETE FROM batch WHERE state = '\(stage.rawValue)';
        """
      )
      return numbers.count
    }
  }

  /// Makes every staged batch one that will be sent, in one step.
  ///
  /// Changes of the rows in `withdrawn` are taken back first. Batches in `waiting` hold removals of
  /// rows that may come back: they are dropped, and `absences` remembers their rows, and no others, as
  /// missing. Throws a ``StateError`` if the file cannot be written.
  public func prepareStaged(
    withdrawing withdrawn: Set<RowReference>,
    waiting: [Int] = [],
    absences: [KeyHash: Absence] = [:]
  ) throws(StateError) {
    try database.transaction { () throws(StateError) in
      if !withdrawn.isEmpty { try withdraw(withdrawn) }
      let delete = try database.prepare("DELETE FROM batch WHERE number = ?")
      for number in waiting {
        delete.bind(1, number)
        try delete.run()
      }
      try replace(absences)
      try database.execute("UPDATE batch SET state = 'prepared' WHERE state = 'staged'")
    }
  }

  private func withdraw(_ withdrawn: Set<RowReference>) throws(StateError) {
    let query = try database.prepare(
      "SELECT number, changes FROM batch WHERE state = 'staged' AND changes IS NOT NULL"
    )
    let update = try database.prepare("UPDATE batch SET changes = ? WHERE number = ?")
    while try query.step() {
      guard var changes = ChangeCoding.decodeChanges(query.bytes(1)) else {
        throw database.damage("batch \(query.integer(0)) has an unreadable list of changes")
      }
      var found = false
      for index in changes.indices where changes[index].kind == .changed {
        guard let old = changes[index].old, withdrawn.contains(old) else { continue }
        changes[index] = ChangeBatch.RowChange(kind: .withdrawn, isSilent: true)
        found = true
      }
      guard found, let blob = ChangeCoding.encode(changes) else { continue }
      update.bind(1, blob.bytes)
      update.bind(2, query.integer(0))
      try update.run()
    }
  }

  private func insertBatch(
    _ number: Int,
    stage: Stage,
    token: [UInt8],
    shape: Int,
    isBackfill: Bool,
    batch: ChangeBatch
  ) throws(StateError) {
    let statement = try database.prepare(
      """
      INSERT INTO batch (number, state, token, shape, is_backfill, rows, changes, is_retry)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """
    )
    statement.bind(1, number)
    statement.bind(2, stage.rawValue)
    statement.bind(3, token)
    statement.bind(4, shape)
    statement.bind(5, isBackfill ? 1 : 0)
    statement.bind(6, batch.changes.count)
    let changes = ChangeCoding.encode(batch.changes)
    if let changes { statement.bind(7, changes.bytes) } else { statement.bindNull(7) }
    statement.bind(8, batch.isRetry ? 1 : 0)
    try statement.run()
  }

  /// Rows of one segment: what is expanded to read a single one.
  static var segmentRowsMax: Int { 4096 }

  private func insertSegments(
    of batch: ChangeBatch,
    _ number: Int,
    shape: Int
  ) throws(StateError) -> [(number: UInt32, rows: Int)] {
    let rows = try linesToStore(of: batch, shape: shape)
    let origins = try origins(of: batch.changes)
    var segments: [(number: UInt32, rows: Int)] = []
    var first = 0
    while first < rows.count {
      let last = min(first + Self.segmentRowsMax, rows.count)
      let segment = try insertSegment(
        batch: number,
        shape: shape,
        batch.entries[first..<last],
        rows.bytes(of: first..<last),
        origins: origins[first..<last]
      )
      segments.append((segment, last - first))
      first = last
    }
    return segments
  }

  func insertSegment(
    batch: Int,
    shape: Int,
    _ entries: ArraySlice<Entry>,
    _ lines: UnsafeRawBufferPointer,
    origins: ArraySlice<MessageOrigin>
  ) throws(StateError) -> UInt32 {
    let number = try database.next("segment")
    let segment = try database.prepare("INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?)")
    segment.bind(1, number)
    segment.bind(2, batch)
    segment.bind(3, shape)
    segment.bind(4, entries.count)
    segment.bind(5, entries)
    let made = MessageOrigin.encode(origins)
    segment.bind(6, made.bytes)
    try segment.run()
    let records = try database.prepare("INSERT INTO records VALUES (?, ?, ?)")
    records.bind(1, number)
    let bound: Void? = fieldColumns.gather(lines, rows: entries.count) { fields, ends in
      records.bind(3, ends.count)
      let breaks = ends.breaks(for: Zstandard.blockByteCountMax)
      return compressor.compress(fields, breaks: breaks) { records.bind(2, $0) }
    }
    guard bound != nil else { throw database.damage("records cannot be compressed: out of memory") }
    try records.run()
    return UInt32(truncatingIfNeeded: number)
  }

  func randomToken() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).flatMap { _ in
      withUnsafeBytes(of: generator.next() as UInt64) { Array($0) }
    }
  }
}
