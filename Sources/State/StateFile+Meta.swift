internal import Text
internal import SQLite

extension StateFile {
  /// Names of what the state remembers about itself.
  public enum Meta: String, Sendable {
    /// Identity of this state, random, 32 hexadecimal digits.
    case id
    /// Seed of the hashes, random, in decimal.
    case secret
    /// Columns of the primary key, one a line.
    case primaryKey = "primary_key"
    /// Hash of the model's SQL that last ran.
    case modelHash = "model_hash"
    /// Hash of the settings that last ran.
    case settingsHash = "settings_hash"
    /// Shape and hash of the settings whose peculiarities a run last told.
    case remarked
    /// Number of the shape of the last result.
    case shape
    /// The columns that the fingerprints count, in order.
    case basis
    /// The cluster that the messages went to.
    case cluster
    /// The source that the rows came from.
    case source
    /// First batch of a backfill that is not finished.
    case backfill
    /// Whether a complete result was ever taken in.
    case isInitialized = "initialized"
    /// The last batch that is known to be committed in a transaction.
    case transactionMark = "transaction_mark"
    /// Whether the next exactly-once run takes what Kafka holds for its own mark.
    case adoptsTransactions = "adopts_transactions"
  }

  /// What the state remembers under `name`.
  public func value(_ name: Meta) throws -> String? {
    try perform {
      let statement = try connection.prepare("SELECT value FROM meta WHERE name = ?")
      statement.bind(1, name.rawValue)
      return try statement.step() ? statement.text(0) : nil
    }
  }

  /// Remembers `value` under `name`; nil forgets it.
  public func set(_ name: Meta, to value: String?) throws {
    // Writing costs a flush of the disk; most runs change nothing here.
    if try self.value(name) == value { return }
    try perform { try write(name, value) }
  }

  /// The identity and the secret of this state, made when first asked for.
  public func identity() throws -> (id: String, secret: UInt64) {
    if let id = try value(.id), let secret = try value(.secret).flatMap({ UInt64($0) }) {
      return (id, secret)
    }
    var generator = SystemRandomNumberGenerator()
    let secret = generator.next()
    let id = (0..<2).map { _ in Hexadecimal.text(generator.next()) }.joined()
    try perform {
      try connection.transaction {
        try write(.id, id)
        try write(.secret, String(secret))
      }
    }
    return (id, secret)
  }

  func write(_ name: Meta, _ value: String?) throws {
    let statement = try connection.prepare(
      value == nil
        ? "DELETE FROM meta WHERE name = ?" : "INSERT OR REPLACE INTO meta VALUES (?, ?)"
    )
    statement.bind(1, name.rawValue)
    if let value { statement.bind(2, value) }
    try statement.run()
  }
}
