internal import Settings

/// A topic that has more partitions than in the last run, which moves the rows with a key.
struct PartitionGain {
  private let topic: String
  private let before: Int
  private let now: Int
  private let sync: String

  /// Nil if the topic gained none, or if no message of the sync has a key that decides.
  init?(topic: String, before: Int, now: Int, sync: SyncSettings) {
    let isKeyed = [sync.added, sync.changed, sync.removed].contains {
      $0.isSelected && $0.key != nil && $0.partition == nil
    }
    guard now > before, isKeyed else { return nil }
    (self.topic, self.before, self.now, self.sync) = (topic, before, now, sync.name)
  }

  /// What happens now, and what to do about it.
  var text: String {
    "the topic '\(topic)' has \(now) partitions, \(before) in the last run of \(sync): rows with a "
      + "key change their partition with their next message, and their old messages stay in the old "
      + "one; `sluice backfill \(sync)` sends every row to its new partition"
  }
}
