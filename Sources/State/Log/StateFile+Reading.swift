internal import Text

public import Rows

extension StateFile {
  /// Numbers of the batches that wait to be sent, in order.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func preparedBatches() throws(StateError) -> [Int] {
    try batches(.prepared)
  }

  /// Reads batch `number` ready to be sent.
  ///
  /// Lines of the snapshot come with it for removals, and for changes where `withPrevious`.
  /// Throws a ``StateError`` if the file cannot be read.
  public func batch(_ number: Int, withPrevious: Bool) throws(StateError) -> DeliverableBatch {
    let batch = try read(number)
    batch.pinned = try pinnedMessages(of: number)
    try readOldRows(of: batch, withPrevious: withPrevious)
    return batch
  }

  /// The shape with `number`.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func shape(_ number: Int) throws(StateError) -> Shape {
    let statement = try database.prepare("SELECT columns FROM shape WHERE number = ?")
    statement.bind(1, number)
    guard try statement.step(), let shape = statement.text(0).flatMap(ShapeCoding.decode) else {
      throw database.damage("shape \(number) is missing or unreadable")
    }
    return shape
  }

  /// Reads batch `number` without the lines that it supersedes.
  func read(_ number: Int) throws(StateError) -> DeliverableBatch {
    let statement = try database.prepare(
      """
      SELECT token, shape, is_backfill, rows, changes, undelivered, is_retry
      FROM batch WHERE number = ?
      """
    )
    statement.bind(1, number)
    guard try statement.step() else { throw database.damage("batch \(number) is missing") }
    let plain = ChangeBatch.RowChange(kind: .added, isSilent: false)
    let changes =
      statement.isNull(4)
      ? Array(repeating: plain, count: statement.integer(3))
      : ChangeCoding.decodeChanges(statement.bytes(4))
    guard let changes else {
      throw database.damage("batch \(number) has an unreadable list of changes")
    }
    let rows = Page()
    let segments = try readSegments(of: number, into: rows)
    guard rows.count == changes.count(where: { $0.kind != .removed }) else {
      throw database.damage("batch \(number) has lost rows")
    }
    let batch = DeliverableBatch(
      number: number,
      token: Array(statement.bytes(0)),
      isBackfill: statement.integer(2) == 1,
      shape: statement.integer(1),
      changes: changes,
      rows: rows,
      segments: segments
    )
    batch.isRetry = statement.integer(6) == 1
    if !statement.isNull(5) {
      batch.undelivered = Set(ChangeCoding.decodePositions(statement.bytes(5)))
    }
    return batch
  }

  private func readSegments(
    of batch: Int,
    into page: Page
  ) throws(StateError) -> [(number: UInt32, rows: Int)] {
    let statement = try database.prepare(
      "\(Self.segmentsWithRecords) WHERE batch = ? ORDER BY number"
    )
    statement.bind(1, batch)
    var segments: [(number: UInt32, rows: Int)] = []
    var records = SegmentRecords()
    var lines = Page.Lines()
    while try statement.step() {
      try expand(statement, into: &records)
      records.appendAll(to: &lines)
      segments.append((UInt32(truncatingIfNeeded: statement.integer(0)), records.count))
    }
    page.exchange(&lines)
    return segments
  }

  /// Fills `page` with the lines of a segment and returns the number of their shape.
  func readSegment(_ number: UInt32, into page: Page) throws(StateError) -> Int {
    var records = SegmentRecords()
    let shape = try expand(number, into: &records)
    var lines = Page.Lines()
    page.exchange(&lines)
    lines.removeAll()
    records.appendAll(to: &lines)
    page.exchange(&lines)
    return shape
  }

  /// Expands the records of segment `number` and returns the number of their shape.
  private func expand(
    _ number: UInt32,
    into records: inout SegmentRecords
  ) throws(StateError) -> Int {
    let statement = try database.prepare("\(Self.segmentsWithRecords) WHERE number = ?")
    statement.bind(1, Int(number))
    guard try statement.step() else { throw unreadable(segment: Int(number)) }
    try expand(statement, into: &records)
    return statement.integer(1)
  }

  private static let segmentsWithRecords =
    "SELECT number, shape, rows, columns, data FROM segment JOIN records ON segment = number"

  /// Expands the records of the segment at which a query of ``segmentsWithRecords`` stands.
  private func expand(
    _ segment: StateStatement,
    into records: inout SegmentRecords
  ) throws(StateError) {
    let isSound = records.expand(
      segment.bytes(4),
      rows: segment.integer(2),
      columns: segment.integer(3),
      with: compressor
    )
    if !isSound { throw unreadable(segment: segment.integer(0)) }
  }

  private func unreadable(segment number: Int) -> StateError {
    database.damage("segment \(number) is missing, cannot be expanded, or has lost rows")
  }

  /// Reads the rows that `batch` supersedes: those of removals, and all if `withPrevious`.
  func readOldRows(of batch: DeliverableBatch, withPrevious: Bool) throws(StateError) {
    let wanted = batch.changes.indices.filter { index in
      let change = batch.changes[index]
      if change.isSilent || change.old == nil { return false }
      return change.kind == .removed || withPrevious
    }
    if wanted.isEmpty { return }
    batch.oldIndexes = Array(repeating: nil, count: batch.changes.count)
    try forEachStoredLine(of: batch.changes, at: wanted) { position, line, shape in
      batch.oldIndexes[position] = Int32(batch.oldRows.count)
      batch.oldShapes.append(shape)
      batch.oldRows.append(line)
    }
  }

  /// Hands the stored lines that the changes at `positions` supersede to `body`, each with its
  /// position and the number of its shape.
  func forEachStoredLine(
    of changes: [ChangeBatch.RowChange],
    at positions: [Int],
    _ body: (Int, UnsafeRawBufferPointer, Int) throws(StateError) -> Void
  ) throws(StateError) {
    let rows = positions.compactMap { index in changes[index].old.map { (index, $0) } }
    try forEachStoredLine(at: rows.sorted { $0.1 < $1.1 }, body)
  }

  /// Hands the stored lines of `rows`, which are in the order of the snapshot, to `body`, each with
  /// its number and the number of its shape.
  ///
  /// Each segment is expanded once, if its lines were not read ahead.
  func forEachStoredLine(
    at rows: [(number: Int, reference: RowReference)],
    _ body: (Int, UnsafeRawBufferPointer, Int) throws(StateError) -> Void
  ) throws(StateError) {
    var records = SegmentRecords()
    var line = Page.Lines()
    var expanded: UInt32?
    var shape = 0
    for (number, reference) in rows {
      if let known = linesAhead.line(at: reference) {
        try body(number, known.bytes, known.shape)
        continue
      }
      if expanded != reference.segment {
        shape = try expand(reference.segment, into: &records)
        expanded = reference.segment
      }
      guard Int(reference.slot) < records.count else {
        throw database.damage("segment \(reference.segment) is shorter than its entries")
      }
      line.removeAll()
      records.append(line: Int(reference.slot), to: &line)
      try body(number, line.line(0), shape)
    }
  }
}

extension StateFile {
  /// Every shape that is remembered, by number.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func shapes() throws(StateError) -> [Int: Shape] {
    let statement = try database.prepare("SELECT number FROM shape")
    var shapes: [Int: Shape] = [:]
    while try statement.step() {
      shapes[statement.integer(0)] = try shape(statement.integer(0))
    }
    return shapes
  }

  /// The number that the next batch gets.
  ///
  /// Numbers grow and order what is sent; there may be gaps between them.
  /// Throws a ``StateError`` if the file cannot be read.
  public func nextBatchNumber() throws(StateError) -> Int {
    try database.next("batch")
  }
}

extension StateFile {
  /// `batch` as it would be sent, without writing it down: for a plan.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func preview(_ batch: ChangeBatch, shape: Int) throws(StateError) -> DeliverableBatch {
    let deliverable = DeliverableBatch(
      number: 0,
      token: [UInt8](repeating: 0, count: 16),
      isBackfill: false,
      shape: shape,
      changes: batch.changes,
      rows: batch.rows,
      segments: []
    )
    try readOldRows(of: deliverable, withPrevious: true)
    return deliverable
  }
}
