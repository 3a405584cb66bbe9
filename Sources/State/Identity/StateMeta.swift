/// What a state says about itself, read and written as a whole.
///
/// Stored as one text a member in the table `meta`; a member that is nil, empty or false has none.
public struct StateMeta: Sendable, Hashable {
  /// Identity of this state, random, 32 hexadecimal digits; nil until ``StateFile/identity()``.
  public var id: String?
  /// Seed of the hashes, random.
  public var secret: UInt64?
  /// Names of the columns of the primary key.
  public var primaryKey: [String] = []
  /// Hash of the model's SQL that last ran.
  public var modelHash: String?
  /// Hash of the settings that last ran.
  public var settingsHash: String?
  /// Number of the message settings of the last run that sent every row; nil if that is not known.
  public var wholeSettings: Int?
  /// Shape and hash of the settings whose peculiarities a run last told.
  public var remarked: String?
  /// Number of the shape of the last complete result.
  public var shape: Int?
  /// The columns that the fingerprints count, in order, after the version of the hashes.
  public var basis: String?
  /// The cluster that the messages went to.
  public var cluster: String?
  /// The database that the rows came from, as JSON.
  public var source: String?
  /// First batch of a backfill that is not finished.
  public var backfill: Int?
  /// Whether a complete result was ever taken in.
  public var isInitialized = false
  /// The last batch that is known to be committed in a transaction; nil before the first.
  public var transactionMark: TransactionMark?
  /// Whether the next exactly-once run takes what Kafka holds for its own mark.
  public var adoptsTransactions = false

  /// What a new state says.
  public init() {}

  /// Names of the members in the table.
  enum Name: String, CaseIterable {
    case id, secret, remarked, shape, basis, cluster, source, backfill
    case primaryKey = "primary_key"
    case modelHash = "model_hash"
    case settingsHash = "settings_hash"
    case wholeSettings = "whole_settings"
    case isInitialized = "initialized"
    case transactionMark = "transaction_mark"
    case adoptsTransactions = "adopts_transactions"
  }

  /// The text that is stored under `name`; nil if nothing is.
  func text(_ name: Name) -> String? {
    switch name {
    case .id: id
    case .secret: secret.map { String($0) }
    case .primaryKey: primaryKey.isEmpty ? nil : primaryKey.joined(separator: "\n")
    case .modelHash: modelHash
    case .settingsHash: settingsHash
    case .wholeSettings: wholeSettings.map { String($0) }
    case .remarked: remarked
    case .shape: shape.map { String($0) }
    case .basis: basis
    case .cluster: cluster
    case .source: source
    case .backfill: backfill.map { String($0) }
    case .isInitialized: isInitialized ? "1" : nil
    case .transactionMark: transactionMark?.text
    case .adoptsTransactions: adoptsTransactions ? "1" : nil
    }
  }

  /// Takes in what is stored under `name`; returns false if it cannot be read.
  mutating func read(_ text: String, as name: Name) -> Bool {
    switch name {
    case .id: id = text
    case .secret: secret = UInt64(text)
    case .primaryKey: primaryKey = text.split(separator: "\n").map(String.init)
    case .modelHash: modelHash = text
    case .settingsHash: settingsHash = text
    case .wholeSettings: wholeSettings = Int(text)
    case .remarked: remarked = text
    case .shape: shape = Int(text)
    case .basis: basis = text
    case .cluster: cluster = text
    case .source: source = text
    case .backfill: backfill = Int(text)
    case .isInitialized: isInitialized = true
    case .transactionMark: transactionMark = TransactionMark(text: text)
    case .adoptsTransactions: adoptsTransactions = true
    }
    return self.text(name) != nil
  }
}
