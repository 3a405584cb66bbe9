internal import Text

public import Rows

/// Rows of the snapshot that are missing from the result, and whose removal waits.
extension StateFile {
  /// The rows that the last complete result lacked.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func absences() throws(StateError) -> [KeyHash: Absence] {
    let query = try database.prepare("SELECT key, since, results FROM absence")
    var absences: [KeyHash: Absence] = [:]
    while try query.step() {
      guard let key = KeyHash(bytes: query.bytes(0)) else { continue }
      absences[key] = Absence(since: query.integer(1), results: query.integer(2))
    }
    return absences
  }

  /// Remembers these rows as missing, and no others.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func remember(absences: [KeyHash: Absence]) throws(StateError) {
    try database.transaction { () throws(StateError) in try replace(absences) }
  }

  /// How long the row at `reference` has been missing; nil if the last complete result had it.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func absence(of reference: RowReference) throws(StateError) -> Absence? {
    let entries = try entries(of: reference.segment)
    guard Int(reference.slot) < entries.count else { return nil }
    let query = try database.prepare("SELECT since, results FROM absence WHERE key = ?")
    query.bind(1, KeyHash(entries[Int(reference.slot)]).bytes)
    guard try query.step() else { return nil }
    return Absence(since: query.integer(0), results: query.integer(1))
  }

  /// Writes them, in the caller's transaction.
  func replace(_ absences: [KeyHash: Absence]) throws(StateError) {
    // Most syncs have none, and a write costs a flush of the disk.
    let query = try database.prepare("SELECT 1 FROM absence LIMIT 1")
    let isEmpty = try !query.step()
    if absences.isEmpty && isEmpty { return }
    try database.execute("DELETE FROM absence")
    let insert = try database.prepare("INSERT INTO absence VALUES (?, ?, ?)")
    for (key, absence) in absences {
      insert.bind(1, key.bytes)
      insert.bind(2, absence.since)
      insert.bind(3, absence.results)
      try insert.run()
    }
  }
}
