internal import Text

/// What prepared batches of a pinned plan bring along, and which plans were applied.
extension StateFile {
  /// The messages of batch `number` as they were pinned; nil if they were not.
  func pinnedMessages(of number: Int) throws(StateError) -> [UInt8]? {
    let query = try database.prepare("SELECT data FROM pinned WHERE batch = ?")
    query.bind(1, number)
    guard try query.step() else { return nil }
    var output = ByteBuffer()
    guard compressor.expand(query.bytes(0), into: &output) else {
      throw database.damage("the pinned messages of batch \(number) cannot be expanded")
    }
    return Array(output.bytes)
  }

  /// Whether batch `number` brings its messages along.
  func isPinned(_ number: Int) throws(StateError) -> Bool {
    let query = try database.prepare("SELECT EXISTS (SELECT 1 FROM pinned WHERE batch = ?)")
    query.bind(1, number)
    return try query.step() && query.integer(0) == 1
  }

  /// Forgets the messages of a batch that is live.
  func forgetPinned(_ number: Int) throws(StateError) {
    let forget = try database.prepare("DELETE FROM pinned WHERE batch = ?")
    forget.bind(1, number)
    try forget.run()
  }

  /// The run that brought the batches of plan `id` in, and when; nil if none did.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func application(ofPlan id: String) throws(StateError) -> (run: String, time: Int)? {
    let query = try database.prepare("SELECT run, time FROM applied_plan WHERE id = ?")
    query.bind(1, id)
    guard try query.step() else { return nil }
    return (query.text(0) ?? "", query.integer(1))
  }

  /// Whether batches of plan `id` still wait to be sent.
  ///
  /// Those that wait with pinned messages are of the last plan: a plan is brought only where nothing
  /// waits. Throws a ``StateError`` if the file cannot be read.
  public func isUnfinished(plan id: String) throws(StateError) -> Bool {
    let query = try database.prepare(
      """
      SELECT EXISTS (SELECT 1 FROM pinned)
        AND ? = (SELECT id FROM applied_plan ORDER BY number DESC LIMIT 1)
      """
    )
    query.bind(1, id)
    return try query.step() && query.integer(0) == 1
  }

  func noteApplied(plan id: String, run: String, time: Int) throws(StateError) {
    let insert = try database.prepare("INSERT INTO applied_plan VALUES (NULL, ?, ?, ?)")
    insert.bind(1, id)
    insert.bind(2, run)
    insert.bind(3, time)
    try insert.run()
  }
}
