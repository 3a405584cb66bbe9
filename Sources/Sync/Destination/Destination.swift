public import Messages
public import Reports
public import Rows

/// What Sync needs of a destination: something that takes batches of messages and says, batch
/// by batch, what became of each message.
///
/// The calls come from one task at a time, except ``explain(_:)``. An envelope belongs to the
/// destination from ``submit(_:number:_:)`` until it is in a report.
public protocol Destination: Sendable {
  /// What the configuration calls it.
  var name: String { get }

  /// Its topics.
  var topics: any TopicDirectory { get }

  /// Its transactions; nil if it cannot deliver exactly once.
  var transactions: (any Transactions)? { get }

  /// Connects, learns which topics there are, and returns the cluster's id.
  ///
  /// Throws a ``RunError`` that says why it cannot be reached.
  func connect() async throws -> String

  /// Makes ready for topics that exist.
  func prepare(_ topics: [String]) async throws

  /// Takes the messages that `selection` picks of an envelope.
  ///
  /// With ``Selection/isolated(_:perRequest:)`` a refusal blames the right message; the others leave
  /// it to the destination how messages share requests.
  func submit(_ envelope: sending Envelope, number: Int, _ selection: Selection) async throws

  /// The batches whose every message is settled, in order; waits up to `timeout` for the first.
  func completed(waitingUpTo timeout: Duration) async -> [DeliveryReport]

  /// Gives up what is under way and hands back every batch.
  ///
  /// Waits up to `timeout` for the messages that brokers have; after it their fate is unknown.
  func abandon(waitingUpTo timeout: Duration) async -> [DeliveryReport]

  /// Finds out what is behind a failure that kept messages from arriving.
  func explain(_ failure: DeliveryFailure) async -> RunError

  /// Why the destination refused a message, without its values.
  func rejection(_ failure: DeliveryFailure, of message: RefusedMessage) async -> Rejection
}

extension Destination {
  /// None.
  public var transactions: (any Transactions)? { nil }

  /// What the destination said.
  public func rejection(
    _ failure: DeliveryFailure,
    of message: RefusedMessage
  ) async -> Rejection {
    Rejection(failure.message)
  }
}
