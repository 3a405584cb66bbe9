public import Blocking
public import Rows

/// What became of one submitted batch.
public struct DeliveryReport: Sendable {
  /// The number given to ``Destination/submit(_:number:_:)``.
  public var number: Int
  /// The envelope, handed back.
  public var envelope: Handover<Envelope>
  /// The offsets of the messages that arrived.
  public var offsets: Offsets
  /// The messages that are not known to have arrived, by index; empty when all did.
  public var failures: [UndeliveredMessage]

  /// Reports on a batch.
  public init(
    number: Int,
    envelope: Handover<Envelope>,
    offsets: Offsets,
    failures: [UndeliveredMessage]
  ) {
    self.number = number
    self.envelope = envelope
    self.offsets = offsets
    self.failures = failures
  }
}

/// Why one message is not known to have arrived.
public struct UndeliveredMessage: Sendable {
  /// What a failure means for the row and for the run.
  public enum Fate: String, Sendable, Hashable, CaseIterable {
    /// This very message was refused: reject its row, continue with the others.
    case refused
    /// The request it was in was refused: send it again alone to learn whether it is to blame.
    case refusedWithRequest
    /// The destination does not have the topic or the partition.
    case unknownTopicOrPartition
    /// It may or may not have arrived: the run has to stop.
    case unknown
    /// It did not arrive, and others would not either: the run has to stop.
    case stopped
  }

  /// Index into the batch's messages.
  public var index: Int
  /// The reason.
  public var error: DeliveryFailure
  /// What it means.
  public var fate: Fate

  /// Describes a failure.
  public init(index: Int, error: DeliveryFailure, fate: Fate) {
    self.index = index
    self.error = error
    self.fate = fate
  }
}

/// What is told of a message that a destination refused, to find out why.
public struct RefusedMessage: Sendable {
  /// The topic it was for.
  public var topic: String
  /// Bytes of its key, value and headers.
  public var byteCount: Int
  /// Whether it has a key.
  public var hasKey: Bool

  /// Describes a message.
  public init(topic: String, byteCount: Int, hasKey: Bool) {
    self.topic = topic
    self.byteCount = byteCount
    self.hasKey = hasKey
  }
}
