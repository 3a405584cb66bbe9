public import Values

/// What a run counted; all of it grows while it runs.
public struct RunCounts: Sendable, Hashable {
  /// Lines read from the source.
  public var read = 0
  /// Rows as the snapshot holds them.
  public var unchanged = 0
  /// Rows that are new.
  public var added = 0
  /// Rows that differ.
  public var changed = 0
  /// Rows that are gone.
  public var removed = 0
  /// Rows of a result that was taken in without a message.
  public var remembered = 0
  /// Changed rows whose topic or key is another than that of their old values.
  public var moved = 0
  /// Lines without a valid key of their own.
  public var invalid = 0
  /// Rows that could not be made messages, or that the broker refused.
  public var rejected = 0
  /// Rows of batches that could not be sent.
  public var failed = 0
  /// Messages handed to the destination.
  public var submitted = 0
  /// Messages that the destination acknowledged.
  public var sent = 0
  /// Bytes of keys, values and headers of those messages, as they were composed.
  public var sentBytes = 0
  /// Messages of an earlier run that were sent again.
  public var resent = 0
  /// Values given as a partition that cannot be one.
  public var ignoredPartitions = 0

  /// All zero.
  public init() {}

  /// Those that reports and the history name, in their order; ``submitted`` is known only while a
  /// run is under way.
  static var named: [(name: String, path: WritableKeyPath<RunCounts, Int>)] {
    [
      ("read", \.read), ("unchanged", \.unchanged), ("added", \.added), ("changed", \.changed),
      ("removed", \.removed), ("remembered", \.remembered), ("moved", \.moved),
      ("invalid", \.invalid), ("rejected", \.rejected), ("failed", \.failed), ("sent", \.sent),
      ("sent_bytes", \.sentBytes),
      ("resent", \.resent), ("ignored_partitions", \.ignoredPartitions),
    ]
  }

  /// The counts by name, in a fixed order.
  public var named: [(name: String, count: Int)] {
    Self.named.map { ($0.name, self[keyPath: $0.path]) }
  }

  /// The object `counts`.
  public var json: Value {
    .object(named.map { ($0.name, .integer($0.count)) })
  }

  /// Reads what ``json`` wrote, also that of an earlier Sluice; nil if it is something else.
  public init?(json text: String) {
    guard case .object(let object) = Value(json: text) else { return nil }
    for (name, path) in Self.named {
      if case .integer(let count)? = object[name] { self[keyPath: path] = count }
    }
  }
}
