internal import Messages
internal import Reports
internal import Settings
internal import State
internal import Synchronization

/// Gathers, while a plan runs, what is pinned of it besides its batches.
///
/// Guards do not stop such a plan: what they would say of it is judged when it is applied, so all that
/// they judge is kept.
final class PlanPins: Sendable {
  /// What was found until now.
  struct Found: Sendable {
    /// The copy of the state that the plan works on; nil before it is open.
    var state: StateFile?
    /// Whether the sync has no state yet.
    var isNewState = false
    /// The rows of the snapshot, as the state had them.
    var before: SnapshotDigest?
    /// The same, as this plan compares them.
    var after: SnapshotDigest?
    /// The shape of the result.
    var shapeNumber = 0
    /// Names of the columns that count.
    var counted: [String] = []
    /// Number of the last run in the history.
    var lastRun = 0
    /// Number of the first batch that the plan wrote.
    var firstBatch = 0
    /// What guards judge.
    var figures = GuardFigures()
    /// The guards that judge it when the scan is complete.
    var judged: Set<Guard> = []
    /// Whether only a part of the result is read.
    var isPartial = false
    /// Whether rows are remembered without a message.
    var isSilent = false
    /// Topics that messages go to.
    var topics: [PinnedTopic] = []
    /// Whether everything was composed.
    var isComplete = false
  }

  /// The file that the plan gets.
  let request: PinRequest
  private let found = Mutex(Found())

  init(_ request: PinRequest) {
    self.request = request
  }

  /// What was found until now.
  var all: Found { found.withLock { $0 } }

  /// Changes what was found.
  func update(_ change: (inout Found) -> Void) { found.withLock { change(&$0) } }

  /// Where the plan is written until it is whole.
  var draft: String { StateFile.draft(of: request.file) }
}

/// Where a plan is pinned.
public struct PinRequest: Sendable {
  /// Path of the file.
  public var file: String
  /// The same as somebody typed it.
  public var typed: String
  /// Whether a file that is there is replaced.
  public var isReplacing: Bool
  /// How long it keeps other runs out; nil for not at all.
  public var hold: Duration?

  /// Describes a file.
  public init(file: String, typed: String, isReplacing: Bool, hold: Duration? = nil) {
    self.file = file
    self.typed = typed
    self.isReplacing = isReplacing
    self.hold = hold
  }
}

/// A topic of a pinned plan, as the cluster had it.
struct PinnedTopic: Sendable, Hashable {
  var name: String
  var partitions: Int
  /// Nil where the broker did not tell.
  var id: String?
  /// Whether a run would have created it.
  var isNew: Bool
}
