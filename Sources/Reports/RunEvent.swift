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

  /// What is committed while messages are sent.
  public enum Commit: String, Sendable, Hashable {
    /// A transaction in Kafka.
    case transaction
    /// The state: what was delivered is remembered.
    case state
  }

  /// Another part of its work begins.
  case entered(Phase)
  /// A commit begins; commits of one kind follow each other.
  case commitBegan(Commit)
  /// The commit of this kind that began last ended, whether it succeeded or not.
  case commitEnded(Commit)
  /// About so many rows will be read: as many as the snapshot holds.
  case expected(rows: Int)
  /// The counts grew, once a page or a batch.
  case counted(RunCounts)
}
