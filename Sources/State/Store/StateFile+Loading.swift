internal import Text

public import Rows

extension StateFile {
  /// The number under which `shape` is remembered; 0 if it is not.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func number(of shape: Shape) throws(StateError) -> Int {
    let text = ShapeCoding.encode(shape)
    let query = try database.prepare("SELECT number FROM shape WHERE columns = ?")
    query.bind(1, text)
    return try query.step() ? query.integer(0) : 0
  }

  /// Remembers `shape` and returns its number.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func remember(_ shape: Shape) throws(StateError) -> Int {
    let known = try number(of: shape)
    if known > 0 { return known }
    let number = try database.next("shape")
    let statement = try database.prepare("INSERT INTO shape VALUES (?, ?)")
    statement.bind(1, number)
    statement.bind(2, ShapeCoding.encode(shape))
    try statement.run()
    return number
  }

  /// Loads the entries of all live rows.
  ///
  /// If the entries were made for another comparison, all are made again from the records first; `isWriting` says whether they are also written down.
  /// Throws a ``StateError`` if the file cannot be written.
  public func loadSnapshot(
    for comparison: Comparison,
    shapeNumber: Int,
    isWriting: Bool
  ) throws(StateError) -> Snapshot {
    let basis = comparison.basis(shapeNumber)
    let known = try meta().basis
    let isSame = known == basis
    let snapshot = Snapshot()
    var hashers = try olderShapes(than: comparison, shapeNumber, of: snapshot)
    if isSame || (known == nil && hashers.isEmpty) {
      try load(into: snapshot)
    } else if isWriting {
      try database.transaction { () throws(StateError) in
        try rehash(into: snapshot, &hashers, comparison, isWriting: true)
        try bury(in: snapshot)
        try merge(snapshot, isWriting: true)
        try write { $0.basis = basis }
      }
      return snapshot
    } else {
      try rehash(into: snapshot, &hashers, comparison, isWriting: false)
      try bury(in: snapshot)
      try merge(snapshot, isWriting: false)
      return snapshot
    }
    if isWriting && !isSame { try write { $0.basis = basis } }
    try bury(in: snapshot)
    return snapshot
  }

  /// The entries of all live rows, as they are.
  func loadEntries() throws(StateError) -> Snapshot {
    let snapshot = Snapshot()
    try load(into: snapshot)
    try bury(in: snapshot)
    return snapshot
  }

  private func load(into snapshot: Snapshot) throws(StateError) {
    let statement = try database.prepare(
      """
      SELECT segment.number, batch, segment.shape, segment.rows, entries
      FROM segment JOIN batch ON batch.number = segment.batch
      WHERE state = 'live' ORDER BY segment.number
      """
    )
    while try statement.step() {
      let entries = statement.bytes(4)
      guard entries.count == statement.integer(3) * MemoryLayout<Entry>.stride else {
        throw database.damage("segment \(statement.integer(0)) has a wrong number of entries")
      }
      add(statement, to: snapshot)
      snapshot.entries.append(contentsOf: entries)
    }
  }

  private func add(_ row: StateStatement, to snapshot: Snapshot) {
    snapshot.segments.append(
      number: UInt32(truncatingIfNeeded: row.integer(0)),
      batch: row.integer(1),
      shape: row.integer(2),
      count: row.integer(3)
    )
  }

  private func bury(in snapshot: Snapshot) throws(StateError) {
    let statement = try database.prepare(
      "SELECT kills FROM batch WHERE state = 'live' AND kills IS NOT NULL"
    )
    while try statement.step() {
      ChangeCoding.forEachKill(statement.bytes(0)) { snapshot.kill($0) }
    }
  }

  /// Buries all rows but the last of each key.
  ///
  /// Only after the hashes were made again: keys that were two may have become one value. Their row
  /// is in the result or it is not, so the others are not removed: they would take it with them.
  private func merge(_ snapshot: Snapshot, isWriting: Bool) throws(StateError) {
    let duplicates = snapshot.duplicates()
    if duplicates.isEmpty { return }
    for reference in duplicates { snapshot.kill(reference) }
    if isWriting { try insertKills(duplicates) }
  }

  /// Tells the snapshot which live shapes differ from the result's, and returns all live ones.
  private func olderShapes(
    than comparison: Comparison,
    _ shapeNumber: Int,
    of snapshot: Snapshot
  ) throws(StateError) -> [Int: ShapeHasher] {
    let statement = try database.prepare(
      """
      SELECT DISTINCT segment.shape FROM segment JOIN batch ON batch.number = segment.batch
      WHERE state = 'live'
      """
    )
    var hashers: [Int: ShapeHasher] = [:]
    while try statement.step() {
      let number = statement.integer(0)
      let shape = try self.shape(number)
      guard
        let hasher = ShapeHasher(
          stored: shape,
          comparison: comparison,
          secret: try identity().secret
        )
      else {
        throw database.damage("rows of shape \(number) lack a column of the primary key")
      }
      hashers[number] = hasher
      if number != shapeNumber && !shape.holdsTheSame(as: comparison.shape) {
        snapshot.olderShapes[number] = Snapshot.OlderShape(fieldsOfResult: hasher.fieldsOfResult)
      }
    }
    return hashers
  }

  private func rehash(
    into snapshot: Snapshot,
    _ hashers: inout [Int: ShapeHasher],
    _ comparison: Comparison,
    isWriting: Bool
  ) throws(StateError) {
    let query = try database.prepare(
      """
      SELECT segment.number, batch, segment.shape, segment.rows
      FROM segment JOIN batch ON batch.number = segment.batch
      WHERE state = 'live' ORDER BY segment.number
      """
    )
    let update = try database.prepare("UPDATE segment SET entries = ? WHERE number = ?")
    let page = Page()
    while try query.step() {
      let number = UInt32(truncatingIfNeeded: query.integer(0))
      let shape = try readSegment(number, into: page)
      guard let hasher = hashers[shape], let entries = hasher.entries(of: page),
        entries.count == query.integer(3)
      else { throw database.damage("segment \(number) does not fit its shape") }
      add(query, to: snapshot)
      entries.withUnsafeBytes { bytes in
        snapshot.entries.append(contentsOf: bytes)
        update.bind(1, bytes)
      }
      update.bind(2, Int(number))
      if isWriting { try update.run() }
    }
  }
}
