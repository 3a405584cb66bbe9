/// The last batch that is known to be committed in a transaction.
///
/// Kafka holds the same as an offset of a consumer group, committed within the transaction: the
/// number is the offset, the token its metadata, the anchor the topic. Comparing both tells what
/// became of a transaction whose end nobody saw.
public struct TransactionMark: Sendable, Hashable {
  /// Number of the batch; 0 before the first.
  public var number: Int
  /// Token of the batch in hexadecimal digits; the state's id before the first.
  public var token: String
  /// Topic whose partition 0 carries the offset; nil before the first.
  public var anchor: String?
  /// Whether Kafka held it before anything was sent that is not committed: then "none" means that
  /// Kafka forgot.
  public var isHeld: Bool

  /// Describes a mark.
  public init(number: Int, token: String, anchor: String? = nil, isHeld: Bool = false) {
    self.number = number
    self.token = token
    self.anchor = anchor
    self.isHeld = isHeld
  }
}

extension TransactionMark {
  /// Number, token, 1 or 0 for ``isHeld``, and the anchor, separated by spaces.
  var text: String { "\(number) \(token) \(isHeld ? 1 : 0) \(anchor ?? "")" }

  init?(text: String) {
    let parts = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, let number = Int(parts[0]) else { return nil }
    self.init(
      number: number,
      token: String(parts[1]),
      anchor: parts[3].isEmpty ? nil : String(parts[3]),
      isHeld: parts[2] == "1"
    )
  }
}

/// A batch that waits to be sent, as far as a transaction is concerned.
public struct PreparedBatch: Sendable, Hashable {
  /// Its number.
  public var number: Int
  /// Its token in hexadecimal digits.
  public var token: String
  /// The topic of the offset that was to be committed with it, where it differs from the mark's.
  public var anchor: String?

  /// Describes a batch.
  public init(number: Int, token: String, anchor: String? = nil) {
    self.number = number
    self.token = token
    self.anchor = anchor
  }
}
