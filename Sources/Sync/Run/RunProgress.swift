internal import Synchronization

public import Reports

/// What a run has done until now, for those who show it.
public final class RunProgress: Sendable {
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
    var counts = RunCounts()
    var phase = Phase.connecting
  }

  private let state = Mutex(State())

  /// Nothing done.
  public init() {}

  /// The counts now.
  public var counts: RunCounts { state.withLock { $0.counts } }
  /// The phase now.
  public var phase: Phase { state.withLock { $0.phase } }

  func enter(_ phase: Phase) {
    state.withLock { $0.phase = phase }
  }

  func update(_ body: (inout RunCounts) -> Void) {
    state.withLock { body(&$0.counts) }
  }
}
