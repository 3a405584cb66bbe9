internal import State

public import Settings

/// What the state of a sync remembers of its destination; nothing before its first run.
public struct RememberedDelivery: Sendable {
  private let sync: SyncSettings
  private let path: String

  /// Looks into the state of `sync` in the folder `directory`, and changes nothing there.
  public init(_ sync: SyncSettings, directory: String) {
    self.sync = sync
    path = StateLocation(sync: sync.name, directory: directory).path
  }

  /// What it means that `topic` has `partitions` now; nil if it means nothing.
  public func partitionGain(_ topic: String, partitions: Int) async -> String? {
    let state = try? await StateFile.open(path: path, mode: .report)
    guard let before = try? await state?.topicPartitions()[topic] else { return nil }
    return PartitionGain(topic: topic, before: before, now: partitions, sync: sync)?.text
  }

  /// The id that a run uses, also as its group; one like it before the first run.
  public func transactionalID() async -> String {
    let state = try? await StateFile.open(path: path, mode: .report)
    let id = try? await state?.meta().id
    return TransactionSession.id(ofState: id ?? String(repeating: "0", count: 32))
  }
}
