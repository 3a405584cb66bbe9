internal import Text

public import Rows

/// What is learned about the rows of a batch while it is being sent.
extension StateFile {
  /// The rows of one prepared batch that are not to be delivered.
  public struct Refusal: Sendable {
    /// The batch.
    public var batch: DeliverableBatch
    /// Indexes of all changes that are not delivered.
    public var undelivered: Set<Int>
    /// Indexes of those that the destination refused.
    public var refused: Set<Int>

    /// Describes what is known of a batch.
    public init(batch: DeliverableBatch, undelivered: Set<Int>, refused: Set<Int>) {
      self.batch = batch
      self.undelivered = undelivered
      self.refused = refused
    }
  }

  /// Writes down what is known of prepared batches, durably when this returns.
  ///
  /// A run that sends them again leaves these rows out; the next scan finds them, and finds their keys
  /// in ``refusedKeys()``. Throws a ``StateError`` if the file cannot be written.
  public func note(_ refusals: [Refusal]) throws(StateError) {
    try database.transaction { () throws(StateError) in
      let update = try database.prepare("UPDATE batch SET undelivered = ? WHERE number = ?")
      let insert = try database.prepare("INSERT OR REPLACE INTO refused VALUES (?, ?)")
      for refusal in refusals {
        let blob = ChangeCoding.encode(positions: refusal.undelivered.sorted())
        update.bind(1, blob.bytes)
        update.bind(2, refusal.batch.number)
        try update.run()
        for key in try keys(of: refusal.batch, refusal.refused) {
          insert.bind(1, key.bytes)
          insert.bind(2, refusal.batch.number)
          try insert.run()
        }
      }
    }
  }

  /// Keys of the rows that the destination refused when they were last tried.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func refusedKeys() throws(StateError) -> Set<KeyHash> {
    let query = try database.prepare("SELECT key FROM refused")
    var keys: Set<KeyHash> = []
    while try query.step() {
      if let key = KeyHash(bytes: query.bytes(0)) { keys.insert(key) }
    }
    return keys
  }

  /// Forgets the rows that were last refused in a batch before `number`.
  ///
  /// For the end of a complete run, which has tried all of them since. Throws a ``StateError`` if the file cannot be written.
  public func forgetRefusals(before number: Int) throws(StateError) {
    let delete = try database.prepare("DELETE FROM refused WHERE batch < ?")
    delete.bind(1, number)
    try delete.run()
  }

  /// Keys of the rows at `positions`; a removal has none here.
  private func keys(
    of batch: DeliverableBatch,
    _ positions: Set<Int>
  ) throws(StateError) -> [KeyHash] {
    var keys: [KeyHash] = []
    var (segment, slot) = (0, 0)
    var entries: [Entry] = []
    for (position, change) in batch.changes.enumerated() where change.kind != .removed {
      while segment < batch.segments.count, slot == batch.segments[segment].rows {
        (segment, slot) = (segment + 1, 0)
        entries = []
      }
      defer { slot += 1 }
      guard positions.contains(position), segment < batch.segments.count else { continue }
      if entries.isEmpty { entries = try self.entries(of: batch.segments[segment].number) }
      guard slot < entries.count else { continue }
      keys.append(KeyHash(entries[slot]))
    }
    return keys
  }
}

/// Places of the messages of a run in which rows move.
extension StateFile {
  /// Remembers where the messages of prepared batches stand, 16 bytes each, by batch.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func note(places: [Int: [UInt8]]) throws(StateError) {
    if places.isEmpty { return }
    try database.transaction { () throws(StateError) in
      let update = try database.prepare("UPDATE batch SET places = ? WHERE number = ?")
      for (number, blob) in places {
        update.bind(1, blob)
        update.bind(2, number)
        try update.run()
      }
    }
  }

  /// Where the messages of the batches stand that an unfinished run made part of the snapshot.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func places() throws(StateError) -> [UInt8] {
    let query = try database.prepare(
      "SELECT places FROM batch WHERE state = 'live' AND places IS NOT NULL"
    )
    var places: [UInt8] = []
    while try query.step() { places += Array(query.bytes(0)) }
    return places
  }

  /// Forgets them: the run to which they matter is over.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func forgetPlaces() throws(StateError) {
    let query = try database.prepare("SELECT 1 FROM batch WHERE places IS NOT NULL LIMIT 1")
    // Writing costs a flush of the disk; most runs have none.
    guard try query.step() else { return }
    try database.execute("UPDATE batch SET places = NULL WHERE places IS NOT NULL")
  }
}

/// How many partitions topics had.
extension StateFile {
  /// Partitions of the topics of earlier runs, by name.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func topicPartitions() throws(StateError) -> [String: Int] {
    let query = try database.prepare("SELECT name, count FROM topic_partitions")
    var counts: [String: Int] = [:]
    while try query.step() { counts[query.text(0) ?? ""] = query.integer(1) }
    return counts
  }

  /// Remembers the partitions of topics, by name.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func remember(topicPartitions counts: [String: Int]) throws(StateError) {
    if counts.isEmpty { return }
    try database.transaction { () throws(StateError) in
      let insert = try database.prepare("INSERT OR REPLACE INTO topic_partitions VALUES (?, ?)")
      for (name, count) in counts {
        insert.bind(1, name)
        insert.bind(2, count)
        try insert.run()
      }
    }
  }
}
