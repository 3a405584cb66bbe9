internal import Text

extension StateFile {
  /// What a transaction is about to do with a batch.
  public struct Attempt: Sendable, Hashable {
    /// Number of the batch.
    public var number: Int
    /// Indexes of the changes that it leaves out.
    public var undelivered: Set<Int>

    /// Describes an attempt.
    public init(number: Int, undelivered: Set<Int>) {
      self.number = number
      self.undelivered = undelivered
    }
  }

  /// The last batch that is known to be committed in a transaction.
  ///
  /// Throws a ``StateError`` if it cannot be read.
  public func transactionMark() throws(StateError) -> TransactionMark {
    if let mark = try meta().transactionMark { return mark }
    return TransactionMark(number: 0, token: try identity().id)
  }

  /// Remembers `mark`, durably when this returns.
  ///
  /// Throws a ``StateError`` if it cannot be written.
  public func set(_ mark: TransactionMark) throws(StateError) {
    try update { $0.transactionMark = mark }
  }

  /// The batches that wait to be sent, in order.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func preparedMarks() throws(StateError) -> [PreparedBatch] {
    let query = try database.prepare(
      "SELECT number, lower(hex(token)), anchor FROM batch WHERE state = 'prepared' ORDER BY 1"
    )
    var batches: [PreparedBatch] = []
    while try query.step() {
      batches.append(
        PreparedBatch(
          number: query.integer(0),
          token: query.text(1) ?? "",
          anchor: query.text(2)
        )
      )
    }
    return batches
  }

  /// Writes down what the transaction that is about to be committed leaves out, and its `anchor`
  /// if that is a new one.
  ///
  /// Durable when this returns: if nobody sees how the commit ends, ``noteCommitted(upTo:mark:)`` needs it.
  /// Throws a ``StateError`` if the file cannot be written.
  public func note(_ attempts: [Attempt], anchor: String?) throws(StateError) {
    try database.transaction { () throws(StateError) in
      let update = try database.prepare(
        "UPDATE batch SET undelivered = ?, anchor = ? WHERE number = ?"
      )
      for attempt in attempts {
        let blob = ChangeCoding.encode(positions: attempt.undelivered.sorted())
        update.bind(1, attempt.undelivered.isEmpty ? nil : blob.bytes)
        update.bind(2, anchor)
        update.bind(3, attempt.number)
        try update.run()
      }
    }
  }

  /// Makes the prepared batches up to `number` live, as their transaction was noted, and remembers
  /// `mark` with them.
  ///
  /// Returns how many they were. Throws a ``StateError`` if the file cannot be written.
  @discardableResult
  public func noteCommitted(upTo number: Int, mark: TransactionMark) throws(StateError) -> Int {
    try database.transaction { () throws(StateError) in
      let count = try makeLive(upTo: number)
      try write { $0.transactionMark = mark }
      return count
    }
  }

  /// Makes the prepared batches up to `number` live, inside a transaction of the caller's.
  ///
  /// Returns how many they were.
  func makeLive(upTo number: Int) throws(StateError) -> Int {
    let numbers = try preparedBatches().filter { $0 <= number }
    for number in numbers {
      let batch = try batch(number, withPrevious: false)
      try makeLive(Settlement(batch: batch, undelivered: batch.undelivered))
    }
    return numbers.count
  }

  /// Forgets what was noted of transactions: the prepared batches were not committed.
  ///
  /// What is known of their rows stays: who sends them again leaves the same ones out.
  /// Throws a ``StateError`` if the file cannot be read.
  public func forgetAttempts() throws(StateError) {
    try eraseAttempts()
  }

  func eraseAttempts() throws(StateError) {
    try database.execute("UPDATE batch SET anchor = NULL WHERE state = 'prepared'")
  }

  /// Takes `mark`, of which another run with a copy of this state is the author, for its own.
  ///
  /// Batches that wait get numbers behind it, so that numbers keep growing.
  /// Throws a ``StateError`` if the file cannot be written.
  public func adopt(_ mark: TransactionMark) throws(StateError) {
    try database.transaction { () throws(StateError) in
      // Further than any number in use: no two batches meet on the way.
      try move(preparedBy: max(try database.next("batch") - 1, mark.number))
      if try database.next("batch") <= mark.number {
        let hold = try database.prepare(
          "INSERT INTO batch (number, state, token, shape, rows) VALUES (?, 'live', ?, 0, 0)"
        )
        hold.bind(1, mark.number)
        hold.bind(2, randomToken())
        try hold.run()
      }
      try write { meta in
        meta.transactionMark = mark
        meta.adoptsTransactions = false
      }
    }
  }

  private func move(preparedBy distance: Int) throws(StateError) {
    for table in ["segment", "pinned"] {
      let belongings = try database.prepare(
        """
        UPDATE \(table) SET batch = batch + ?
        WHERE batch IN (SELECT number FROM batch WHERE state = 'prepared')
        """
      )
      belongings.bind(1, distance)
      try belongings.run()
    }
    let batches = try database.prepare(
      """
      UPDATE batch SET number = number + ?, anchor = NULL
      WHERE state = 'prepared'
      """
    )
    batches.bind(1, distance)
    try batches.run()
  }
}
