internal import Synchronization

/// What a run has done until now, for whoever shows it.
public final class RunProgress: Sendable {
  /// Counts, all growing.
  public struct Counts: Sendable, Hashable {
    /// Lines read from the source.
    public var read = 0
    /// Rows as the snapshot holds them.
    public var unchanged = 0
    /// Rows that are new.
    public var added = 0
    /// Rows that differ.
    public var changed = 0
    /// Rows that are gone.
    public var removed = 0
    /// Rows of a result that was taken in without a message.
    public var remembered = 0
    /// Changed rows whose topic or key is another than that of their old values.
    public var moved = 0
    /// Lines without a valid key of their own.
    public var invalid = 0
    /// Rows that could not be made messages, or that the broker refused.
    public var rejected = 0
    /// Rows of batches that could not be sent.
    public var failed = 0
    /// Messages handed to the destination.
    public var submitted = 0
    /// Messages that the destination acknowledged.
    public var sent = 0
    /// Messages of an earlier run that were sent again.
    public var resent = 0
    /// Partitions that were asked for and are none.
    public var ignoredPartitions = 0

    /// All zero.
    public init() {}
  }

  /// What a run is doing.
  public enum Phase: String, Sendable, Hashable {
    /// Connecting to source and destination.
    case connecting
    /// Finishing what an earlier run wrote down.
    case recovering
    /// Reading and comparing.
    case scanning
    /// Sending what was found.
    case delivering
    /// Done.
    case finished
  }

  private struct State {
    var counts = Counts()
    var phase = Phase.connecting
  }

  private let state = Mutex(State())

  /// Nothing done.
  public init() {}

  /// The counts now.
  public var counts: Counts { state.withLock { $0.counts } }
  /// The phase now.
  public var phase: Phase { state.withLock { $0.phase } }

  func enter(_ phase: Phase) {
    state.withLock { $0.phase = phase }
  }

  func update(_ body: (inout Counts) -> Void) {
    state.withLock { body(&$0.counts) }
  }
}
