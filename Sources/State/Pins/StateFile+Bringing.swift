internal import Rows
internal import Text

/// Bringing the batches of a pinned plan into a state.
extension StateFile {
  /// A plan that is to be applied.
  public struct Arrival: Sendable {
    /// Path of its file.
    public var path: String
    /// Identity of the plan.
    public var plan: String
    /// Identity of the run that brings it.
    public var run: String
    /// When, in microseconds since 1970.
    public var time: Int
    /// What its rows were compared by.
    public var comparison: Comparison

    /// Whether the plan's result is the last complete one: then it says which rows are missing.
    public var isLastResult = false

    /// What its messages were made with.
    public var messageSettings = ""

    /// Describes an arrival.
    public init(path: String, plan: String, run: String, time: Int, comparison: Comparison) {
      self.path = path
      self.plan = plan
      self.run = run
      self.time = time
      self.comparison = comparison
    }
  }

  /// Makes the batches of a plan prepared batches of this state, with their messages, all at once,
  /// and notes that the plan was applied.
  ///
  /// The caller has compared the snapshot with the plan's. `change` is what the state says about itself
  /// from then on; it gets the number of the plan's shape. Memory is some 30 bytes a row of the
  /// snapshot and one batch. Throws a ``StateError`` if the plan does not fit, or a file cannot be
  /// read or written: then nothing is changed but hashes that were made again.
  public func bring(
    _ arrival: Arrival,
    changing change: @Sendable (inout StateMeta, Int) -> Void
  ) throws(StateError) {
    let file = try PlanFile.read(arrival.path, care: .seal)
    let shape = try remember(arrival.comparison.shape)
    let snapshot = try loadSnapshot(
      for: arrival.comparison,
      shapeNumber: shape,
      isWriting: true
    )
    try database.transaction { () throws(StateError) in
      do throws(StateError) {
        var rows = PinnedRows(snapshot)
        madeWith = .settings(try remember(messageSettings: arrival.messageSettings))
        try insertBatches(of: file, &rows)
        if arrival.isLastResult { try file.database.copyAbsences(to: database) }
      } catch {
        throw error.path == file.path ? PlanFile.plan(error) : error
      }
      try noteApplied(plan: arrival.plan, run: arrival.run, time: arrival.time)
      try write { change(&$0, shape) }
    }
  }

  private func insertBatches(
    of file: PlanFile,
    _ rows: inout PinnedRows
  ) throws(StateError) {
    var shapes: [Int: Int] = [:]
    for (number, columns) in try file.shapes() {
      guard let shape = ShapeCoding.decode(columns) else {
        throw file.damage("shape \(number) of the plan cannot be read")
      }
      shapes[number] = try remember(shape)
    }
    let query = try file.database.prepare(
      """
      SELECT number, token, shape, is_backfill, is_retry, rows, changes, superseded, messages,
        checksum
      FROM batch ORDER BY number
      """
    )
    let pinned = try database.prepare("INSERT INTO pinned VALUES (?, ?)")
    var number = try database.next("batch")
    while try query.step() {
      guard let shape = shapes[query.integer(2)] else {
        throw file.damage("batch \(query.integer(0)) of the plan has no shape")
      }
      var checksum = PlanChecksum()
      try insertSegments(of: query.integer(0), as: number, shapes, from: file, &checksum)
      checksum.add(batch: query, from: 6)
      guard checksum.text == query.text(9) else {
        throw file.damage(batch: query.integer(0))
      }
      try insertBatch(number, shape: shape, row: query, of: file, &rows)
      try noteOrigins(ofBatch: number)
      pinned.bind(1, number)
      pinned.bind(2, query.bytes(8))
      try pinned.run()
      number += 1
    }
  }

  private func insertBatch(
    _ number: Int,
    shape: Int,
    row: StateStatement,
    of file: PlanFile,
    _ rows: inout PinnedRows
  ) throws(StateError) {
    let insert = try database.prepare(
      """
      INSERT INTO batch (number, state, token, shape, is_backfill, is_retry, rows, changes)
      VALUES (?, 'prepared', ?, ?, ?, ?, ?, ?)
      """
    )
    insert.bind(1, number)
    insert.bind(2, row.bytes(1))
    insert.bind(3, shape)
    insert.bind(4, row.integer(3))
    insert.bind(5, row.integer(4))
    insert.bind(6, row.integer(5))
    if row.isNull(6) {
      insert.bindNull(7)
    } else {
      guard let changes = ChangeCoding.decodeChanges(row.bytes(6)),
        changes.count == row.integer(5),
        let placed = rows.place(changes, superseding: row.bytes(7)),
        let blob = ChangeCoding.encode(placed)
      else {
        throw file.damage(
          "batch \(row.integer(0)) of the plan names rows that the snapshot does not have"
        )
      }
      insert.bind(7, blob.bytes)
    }
    try insert.run()
  }

  private func insertSegments(
    of batch: Int,
    as number: Int,
    _ shapes: [Int: Int],
    from file: PlanFile,
    _ checksum: inout PlanChecksum
  ) throws(StateError) {
    let query = try file.database.prepare(
      """
      SELECT number, shape, rows, entries, records, columns FROM segment WHERE batch = ?
      ORDER BY number
      """
    )
    query.bind(1, batch)
    let segment = try database.prepare("INSERT INTO segment VALUES (?, ?, ?, ?, ?, NULL)")
    let records = try database.prepare("INSERT INTO records VALUES (?, ?, ?)")
    while try query.step() {
      guard let shape = shapes[query.integer(1)] else {
        throw file.damage("segment \(query.integer(0)) of the plan has no shape")
      }
      guard query.bytes(3).count == query.integer(2) * MemoryLayout<Entry>.stride else {
        throw file.damage("segment \(query.integer(0)) of the plan has a wrong number of rows")
      }
      checksum.add(segment: query, from: 3)
      let next = try database.next("segment")
      segment.bind(1, next)
      segment.bind(2, number)
      segment.bind(3, shape)
      segment.bind(4, query.integer(2))
      segment.bind(5, query.bytes(3))
      try segment.run()
      records.bind(1, next)
      records.bind(2, query.bytes(4))
      records.bind(3, query.integer(5))
      try records.run()
    }
  }
}

/// Finds the rows that changes of a plan supersede where they lie now.
private struct PinnedRows: ~Copyable {
  private let snapshot: Snapshot
  private var table = EntryTable()

  init(_ snapshot: Snapshot) {
    self.snapshot = snapshot
  }

  /// The changes, each with the place of the row whose entry is in `superseded`; nil if a row is
  /// missing or another one by now.
  mutating func place(
    _ changes: [ChangeBatch.RowChange],
    superseding superseded: UnsafeRawBufferPointer
  ) -> [ChangeBatch.RowChange]? {
    let size = MemoryLayout<Entry>.stride
    guard superseded.count == changes.count(where: { $0.old != nil }) * size else { return nil }
    if !superseded.isEmpty, !table.isBuilt { table.build(snapshot.entries) }
    var placed = changes
    var offset = 0
    for index in changes.indices where changes[index].old != nil {
      let wanted = superseded.loadUnaligned(fromByteOffset: offset, as: Entry.self)
      offset += size
      guard let found = table.find(wanted, in: snapshot.entries),
        snapshot.entries[found] == wanted
      else { return nil }
      placed[index].old = snapshot.segments.reference(to: found)
    }
    return placed
  }
}
