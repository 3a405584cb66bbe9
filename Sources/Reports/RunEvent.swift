/// What a run tells of itself while it is under way.
public enum RunEvent: Sendable, Hashable {
  /// What a run is doing.
  public enum Phase: String, Sendable, Hashable {
    /// Connecting to source and destination.
    case connecting
    /// Finishing what an earlier run wrote down.
    case recovering
    /// Testing the rows of the model.
    case testing
    /// Reading and comparing.
    case scanning
    /// Sending what was found.
    case delivering
    /// Done.
    case finished
  }

  /// Another part of its work begins.
  case entered(Phase)
  /// About so many rows will be read: as many as the snapshot holds.
  case expected(rows: Int)
  /// The counts grew, once a page or a batch.
  case counted(RunCounts)
}
