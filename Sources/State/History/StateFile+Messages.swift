internal import Settings

public import Reports

extension StateFile {
  /// The messages of run `number` that are remembered, in the order in which they were sent.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func messages(run number: Int) throws(StateError) -> [MessageRecord] {
    let statement = try database.prepare(
      """
      SELECT time, change, row, topic, partition, offset, key, event_id, headers, value,
        value_size
      FROM message WHERE run = ? ORDER BY number
      """
    )
    statement.bind(1, number)
    var messages: [MessageRecord] = []
    while try statement.step() { messages.append(MessageRecord(statement)) }
    return messages
  }

  /// The last run that sent or rejected something, as far as that is remembered.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func lastRunWithMessages() throws(StateError) -> Int? {
    let statement = try database.prepare(
      """
      SELECT max(run) FROM (
        SELECT max(run) AS run FROM message
        UNION ALL SELECT max(run) FROM problem WHERE kind <> 'invalid'
      )
      """
    )
    return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
  }

  /// Adds the messages of run `number`, and forgets all but the last `keeping` of the sync.
  func insert(_ messages: [MessageRecord], run number: Int, keeping: Int) throws(StateError) {
    let statement = try database.prepare(
      "INSERT INTO message VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    for message in messages {
      message.bind(to: statement, run: number)
      try statement.run()
    }
    // The oldest go first, so the numbers have no holes.
    let forget = try database.prepare(
      "DELETE FROM message WHERE number <= (SELECT max(number) FROM message) - ?"
    )
    forget.bind(1, keeping)
    try forget.run()
  }
}

extension MessageRecord {
  fileprivate init(_ row: StateStatement) {
    self.init(
      time: row.integer(0),
      change: row.text(1).flatMap(Change.init) ?? .added,
      row: row.text(2),
      topic: row.text(3) ?? "",
      partition: row.integer(4),
      offset: row.isNull(5) ? nil : row.integer(5),
      key: row.isNull(6) ? nil : Array(row.bytes(6)),
      eventID: row.text(7) ?? "",
      headers: row.text(8) ?? "{}",
      value: row.isNull(10) ? nil : Array(row.bytes(9)),
      valueSize: row.isNull(10) ? nil : row.integer(10)
    )
  }

  fileprivate func bind(to statement: StateStatement, run: Int) {
    statement.bind(1, run)
    statement.bind(2, time)
    statement.bind(3, change.rawValue)
    statement.bind(4, row)
    statement.bind(5, topic)
    statement.bind(6, partition)
    statement.bind(7, offset)
    statement.bind(8, key)
    statement.bind(9, eventID)
    statement.bind(10, headers)
    statement.bind(11, value)
    statement.bind(12, valueSize)
  }
}
