internal import Reports
internal import SQLite

/// Notifications that are not delivered yet, in the order in which they were made.
///
/// Of each channel one process sends at a time, so that messages arrive in order and none twice; if
/// it dies, the others wait for the end of its claim.
struct Outbox {
  /// A notification on its way.
  struct Item: Sendable {
    var number: Int
    var notification: AlertNotification
    /// Recipients that have it already.
    var reached: Set<String>
    /// How often it was tried.
    var attempts: Int
  }

  let connection: SQLiteConnection

  /// How long a claim holds without a sign of its owner, in microseconds.
  static let claimLength = 120_000_000
  /// Messages that one claim takes.
  static let claimMax = 5
  /// Messages of a channel that wait at most; then the oldest are given up.
  static let waitingMax = 200

  func add(_ notifications: [AlertNotification]) throws(SQLiteError) {
    let statement = try connection.prepare(
      "INSERT INTO notification (channel, body, since, at) VALUES (?, ?, ?, ?)"
    )
    for notification in notifications {
      statement.bind(1, notification.channel)
      statement.bind(2, notification.json.jsonText)
      statement.bind(3, notification.since)
      statement.bind(4, notification.at)
      try statement.run()
    }
  }

  /// Takes the oldest messages of `channel`; none if another process has it now.
  func claim(_ channel: String, now: Int) throws(SQLiteError) -> [Item] {
    try giveUp(channel)
    let busy = try connection.prepare(
      "SELECT count(*) FROM notification WHERE channel = ? AND claimed_until > ?"
    )
    busy.bind(1, channel)
    busy.bind(2, now)
    _ = try busy.step()
    if busy.integer(0) > 0 { return [] }
    let items = try waiting("WHERE channel = ? ORDER BY number LIMIT \(Self.claimMax)", channel)
    let claim = try connection.prepare(
      "UPDATE notification SET claimed_until = ? WHERE number = ?"
    )
    for item in items {
      claim.bind(1, now + Self.claimLength)
      claim.bind(2, item.number)
      try claim.run()
    }
    return items
  }

  /// Forgets a message that has arrived.
  func remove(_ number: Int) throws(SQLiteError) {
    let statement = try connection.prepare("DELETE FROM notification WHERE number = ?")
    statement.bind(1, number)
    try statement.run()
  }

  /// Gives back what was not sent; the first one was tried in vain because of `error`.
  func giveBack(_ items: [Item], error: String?) throws(SQLiteError) {
    let statement = try connection.prepare(
      """
      UPDATE notification SET claimed_until = 0, attempts = ?, error = coalesce(?, error),
        reached = ?
      WHERE number = ?
      """
    )
    for (index, item) in items.enumerated() {
      let isTried = index == 0 && error != nil
      statement.bind(1, item.attempts + (isTried ? 1 : 0))
      statement.bind(2, isTried ? error : nil)
      statement.bind(3, StoredTexts.text(item.reached.sorted()))
      statement.bind(4, item.number)
      try statement.run()
    }
  }

  /// Forgets what is for channels that are no longer there.
  func keep(only channels: [String]) throws(SQLiteError) {
    let known = Set(channels)
    let statement = try connection.prepare("SELECT DISTINCT channel FROM notification")
    var gone: [String] = []
    while try statement.step() {
      if let channel = statement.text(0), !known.contains(channel) { gone.append(channel) }
    }
    let forget = try connection.prepare("DELETE FROM notification WHERE channel = ?")
    for channel in gone {
      forget.bind(1, channel)
      try forget.run()
    }
  }

  /// What waits, by channel: how many, the last error of the oldest, and since when.
  func summary() throws(SQLiteError) -> [(channel: String, count: Int, error: String?, since: Int)]
  {
    let statement = try connection.prepare(
      """
      SELECT channel, count(*), max(error), min(at) FROM notification
      GROUP BY channel ORDER BY channel
      """
    )
    var result: [(channel: String, count: Int, error: String?, since: Int)] = []
    while try statement.step() {
      result.append(
        (statement.text(0) ?? "", statement.integer(1), statement.text(2), statement.integer(3))
      )
    }
    return result
  }

  private func giveUp(_ channel: String) throws(SQLiteError) {
    let statement = try connection.prepare(
      """
      DELETE FROM notification WHERE channel = ?1 AND number <= (
        SELECT number FROM notification WHERE channel = ?1
        ORDER BY number DESC LIMIT 1 OFFSET \(Self.waitingMax)
      )
      """
    )
    statement.bind(1, channel)
    try statement.run()
  }

  private func waiting(_ condition: String, _ channel: String) throws(SQLiteError) -> [Item] {
    let statement = try connection.prepare(
      "SELECT number, channel, body, since, at, reached, attempts FROM notification \(condition)"
    )
    statement.bind(1, channel)
    var items: [Item] = []
    while try statement.step() {
      items.append(
        Item(
          number: statement.integer(0),
          notification: AlertNotification(
            stored: statement.text(2) ?? "",
            channel: statement.text(1) ?? "",
            since: statement.integer(3),
            at: statement.integer(4)
          ),
          reached: Set(StoredTexts.texts(statement.text(5))),
          attempts: statement.integer(6)
        )
      )
    }
    return items
  }
}
