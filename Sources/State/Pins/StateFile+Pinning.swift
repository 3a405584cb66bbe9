internal import Glibc
internal import Rows
internal import Text

/// Writing a pinned plan, from the copy of a state that the plan works on.
extension StateFile {
  /// Where this process writes a plan until it is whole and becomes `file`.
  public static func draft(of file: String) -> String { DraftFile.path(for: file) }

  /// Begins a plan in the file `draft`, where nothing is.
  ///
  /// Throws a ``StateError`` if it cannot be made.
  public func beginPins(draft: String) throws(StateError) {
    pins = try PlanFile.make(draft)
  }

  /// Puts a prepared batch into the plan, with its `messages`.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func pin(_ batch: DeliverableBatch, messages: [UInt8]) throws(StateError) {
    guard let pins else { return }
    let superseded = try supersededEntries(of: batch.changes)
    try pins.database.transaction { () throws(StateError) in
      try pins.remember(shape: batch.shape, ShapeCoding.encode(try shape(batch.shape)))
      var checksum = PlanChecksum()
      try copySegments(of: batch.number, into: pins, &checksum)
      try insert(batch, superseded: superseded, messages: messages, into: pins, checksum)
    }
  }

  private func copySegments(
    of batch: Int,
    into pins: PlanFile,
    _ checksum: inout PlanChecksum
  ) throws(StateError) {
    let query = try database.prepare(
      """
      SELECT number, shape, rows, columns, entries, data FROM segment JOIN records ON segment = number
      WHERE batch = ? ORDER BY number
      """
    )
    query.bind(1, batch)
    let insert = try pins.database.prepare("INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)")
    while try query.step() {
      insert.bind(1, query.integer(0))
      insert.bind(2, batch)
      insert.bind(3, query.integer(1))
      insert.bind(4, query.integer(2))
      insert.bind(5, query.integer(3))
      insert.bind(6, query.bytes(4))
      insert.bind(7, query.bytes(5))
      checksum.add(segment: query, from: 4)
      try insert.run()
    }
  }

  private func insert(
    _ batch: DeliverableBatch,
    superseded: [Entry],
    messages: [UInt8],
    into pins: PlanFile,
    _ segments: PlanChecksum
  ) throws(StateError) {
    var checksum = segments
    let insert = try pins.database.prepare(
      "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    insert.bind(1, batch.number)
    insert.bind(2, batch.token)
    insert.bind(3, batch.shape)
    insert.bind(4, batch.isBackfill ? 1 : 0)
    insert.bind(5, batch.isRetry ? 1 : 0)
    insert.bind(6, batch.changes.count)
    let changes = ChangeCoding.encode(batch.changes)
    if let changes {
      insert.bind(7, changes.bytes)
      checksum.add(changes.bytes)
    } else {
      insert.bindNull(7)
    }
    superseded.withUnsafeBytes { bytes in
      checksum.add(bytes)
      insert.bind(8, bytes)
    }
    let bound: Void? = messages.withUnsafeBytes { bytes in
      compressor.compress(bytes) { frame in
        checksum.add(frame)
        insert.bind(9, frame)
      }
    }
    guard bound != nil else { throw pins.damage("messages cannot be compressed: out of memory") }
    insert.bind(10, checksum.text)
    try insert.run()
  }

  /// The entries of the rows that `changes` supersede, in the order of the changes.
  ///
  /// Each segment is read once.
  private func supersededEntries(
    of changes: [ChangeBatch.RowChange]
  ) throws(StateError) -> [Entry] {
    let references = changes.compactMap(\.old)
    var found = Array(
      repeating: Entry(keyLow: 0, keyHigh: 0, fingerprint: 0),
      count: references.count
    )
    var entries: [Entry] = []
    var segment: UInt32?
    for index in references.indices.sorted(by: { references[$0] < references[$1] }) {
      let reference = references[index]
      if segment != reference.segment {
        entries = try self.entries(of: reference.segment)
        segment = reference.segment
      }
      guard Int(reference.slot) < entries.count else {
        throw database.damage("segment \(reference.segment) is shorter than its rows")
      }
      found[index] = entries[Int(reference.slot)]
    }
    return found
  }

  /// Ends the plan with what is said of it, flushes it, and gives it the name `path`; what has that
  /// name is replaced only if `isReplacing`.
  ///
  /// `shape` is remembered with it. Throws a ``StateError`` if the file cannot be written.
  public func finishPins(
    _ meta: [String: String],
    shape number: Int,
    as path: String,
    isReplacing: Bool
  ) throws(StateError) {
    guard let pins else { return }
    self.pins = nil
    try pins.remember(shape: number, ShapeCoding.encode(try shape(number)))
    try pins.database.transaction { () throws(StateError) in
      try database.copyAbsences(to: pins.database)
      let insert = try pins.database.prepare("INSERT INTO meta VALUES (?, ?)")
      for (name, value) in meta.sorted(by: { $0.key < $1.key }) {
        insert.bind(1, name)
        insert.bind(2, value)
        try insert.run()
      }
      insert.bind(1, PlanFile.sealName)
      insert.bind(2, try pins.seal())
      try insert.run()
    }
    try pins.place(at: path, isReplacing: isReplacing)
  }
}

extension StateDatabase {
  /// Makes the rows that `other` knows to be missing from the last result those of this one.
  func copyAbsences(to other: StateDatabase) throws(StateError) {
    try other.execute("DELETE FROM absence")
    let query = try prepare("SELECT key, since, results FROM absence")
    let insert = try other.prepare("INSERT INTO absence VALUES (?, ?, ?)")
    while try query.step() {
      insert.bind(1, query.bytes(0))
      insert.bind(2, query.integer(1))
      insert.bind(3, query.integer(2))
      try insert.run()
    }
  }
}

extension PlanFile {
  fileprivate func remember(shape number: Int, _ columns: String) throws(StateError) {
    let insert = try database.prepare("INSERT OR IGNORE INTO shape VALUES (?, ?)")
    insert.bind(1, number)
    insert.bind(2, columns)
    try insert.run()
  }

  fileprivate func place(at name: String, isReplacing: Bool) throws(StateError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unwritable(path, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Self.unwritable(name, errno) }
    // A link is refused where a file is; renaming takes its place.
    let isPlaced = isReplacing ? rename(path, name) == 0 : link(path, name) == 0
    guard isPlaced, StateCopies.synchronizeFolder(of: name) else {
      throw Self.unwritable(name, errno)
    }
    if !isReplacing { unlink(path) }
  }
}
