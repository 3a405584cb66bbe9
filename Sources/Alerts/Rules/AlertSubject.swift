internal import Settings

/// A sync as rules see it.
public struct AlertSubject: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// Its tags.
  public var tags: [String]
  /// Whether it has a schedule: only then, or if a rule names it, it can be stale.
  public var isScheduled: Bool
  /// Name of its source; nil if its files cannot be read.
  public var source: String?
  /// Name of its destination; nil if its files cannot be read.
  public var destination: String?

  /// Describes a sync.
  public init(
    _ name: String,
    tags: [String] = [],
    isScheduled: Bool = false,
    source: String? = nil,
    destination: String? = nil
  ) {
    self.name = name
    self.tags = tags
    self.isScheduled = isScheduled
    self.source = source
    self.destination = destination
  }

  /// What incidents about its source are about.
  var sourceSystem: String { source.map { "source \($0)" } ?? ownSystem }
  /// What incidents about its destination are about.
  var destinationSystem: String { destination.map { "destination \($0)" } ?? ownSystem }
  /// What incidents about it alone are about.
  var ownSystem: String { "sync \(name)" }
}

extension AlertRule {
  /// Whether it judges `subject`.
  func covers(_ subject: AlertSubject) -> Bool {
    guard covers(subject.name, tags: subject.tags) else { return false }
    return condition.kind != .stale || subject.isScheduled || syncs.contains(subject.name)
  }
}
