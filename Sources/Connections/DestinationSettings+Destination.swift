public import Sync
public import Rows
public import Settings

extension DestinationSettings {
  /// The destination that these settings describe; nothing is asked of the cluster yet.
  ///
  /// `note` is told when brokers keep the caller waiting; `received` gets what arrives at an embedded
  /// cluster. Throws a ``RunError`` if certificates, keys or settings cannot be used.
  public func destination(
    _ name: String,
    note: @escaping @Sendable (String) -> Void,
    received: @escaping @Sendable ([ReceivedMessage]) -> Void
  ) throws -> any Destination {
    switch brokers {
    case .embedded: try EmbeddedDestination(name: name, settings: self, received: received)
    case .addresses: try KafkaDestination(name: name, settings: self, note: note)
    }
  }
}
