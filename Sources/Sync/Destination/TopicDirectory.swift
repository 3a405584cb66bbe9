public import Reports

/// The topics of a destination, as it last learned of them.
public protocol TopicDirectory: Sendable {
  /// Partitions of `topic`; nil if it does not exist. Asks nobody.
  func partitions(of topic: String) -> Int?

  /// Learns again which topics there are.
  ///
  /// Throws a ``RunError`` if nobody answers.
  func refresh() async throws

  /// Creates those of `topics` that are missing, and learns of them.
  ///
  /// Returns why some could not be made, by name; nil if topics are never created.
  /// Throws a ``RunError`` if nobody answers.
  func create(_ topics: [String]) async throws -> [String: RunError]?

  /// Partitions of the topics that it would create; nil if topics are never created.
  var newPartitions: Int? { get }

  /// Ids of the topics, by name: one that is deleted and made again has another.
  ///
  /// Empty if the destination does not tell.
  func ids() async -> [String: String]
}

extension TopicDirectory {
  /// Creates nothing.
  ///
  /// Never throws.
  public func create(_ topics: [String]) async throws -> [String: RunError]? { nil }

  /// None.
  public var newPartitions: Int? { nil }

  /// Tells none.
  public func ids() async -> [String: String] { [:] }
}
