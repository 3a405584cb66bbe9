/// An address that is called when runs begin and end, so that somebody notices if they do not.
public struct HeartbeatSettings: Sendable {
  /// What stands in an address for the name of a sync.
  public static let placeholder = "{sync}"

  /// The address.
  public var url: Secret
  /// Names of the syncs it is for; without any, and without tags, it is for all.
  public var syncs: [String]
  /// Tags of the syncs it is for.
  public var tags: [String]

  /// Creates settings.
  public init(_ url: Secret, syncs: [String] = [], tags: [String] = []) {
    self.url = url
    self.syncs = syncs
    self.tags = tags
  }

  /// Whether each sync has an address of its own; else a process is one heartbeat.
  public var isPerSync: Bool { url.exposed.contains(Self.placeholder) }

  /// Whether it is for the sync `name` with `tags`.
  public func covers(_ name: String, tags ofSync: [String]) -> Bool {
    if syncs.isEmpty && tags.isEmpty { return true }
    return syncs.contains(name) || tags.contains(where: ofSync.contains)
  }
}
