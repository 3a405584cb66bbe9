public import Reports
public import Rows

/// A destination that cannot be made: every call says why.
public struct OfflineDestination: Destination, TopicDirectory {
  /// What the configuration calls it.
  public let name: String
  private let reason: RunError

  /// Stands in for the destination `name`, which could not be made for `reason`.
  public init(name: String, reason: RunError) {
    self.name = name
    self.reason = reason
  }

  /// Itself, which knows none.
  public var topics: any TopicDirectory { self }

  /// Throws the reason.
  public func connect() async throws -> String { throw reason }

  /// Throws the reason.
  public func refresh() async throws { throw reason }

  /// Nothing is known of any topic.
  public func partitions(of topic: String) -> Int? { nil }

  /// Throws the reason.
  public func prepare(_ topics: [String]) async throws { throw reason }

  /// Throws the reason.
  public func submit(
    _ envelope: sending Envelope,
    number: Int,
    _ selection: Selection
  ) async throws { throw reason }

  /// Nothing was ever submitted.
  public func completed(waitingUpTo timeout: Duration) async -> [DeliveryReport] { [] }

  /// Nothing was ever submitted.
  public func abandon(waitingUpTo timeout: Duration) async -> [DeliveryReport] { [] }

  /// The reason.
  public func explain(_ failure: DeliveryFailure) async -> RunError { reason }
}
