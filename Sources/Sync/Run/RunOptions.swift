public import Settings

/// What a run is asked to do.
public struct RunOptions: Sendable {
  /// What kind of run it is.
  public enum Command: String, Sendable, Hashable {
    /// Deliver what changed.
    case run
    /// Send every row again.
    case backfill
    /// Remember the present result without sending anything.
    case resetToCurrent = "reset --to-current"
    /// Send what a plan pinned.
    case apply
  }

  /// What kind of run it is.
  public var command: Command
  /// Most additions and changes, nil for any number: with a bound nothing is removed.
  public var limit: Int?
  /// Guards that are lifted this once.
  public var allowedGuards: Set<Guard>
  /// Whether a backfill that was interrupted starts again.
  public var restartsBackfill: Bool
  /// How many runs the history keeps.
  public var historyRuns: Int
  /// How many messages the history keeps, 0 for none.
  public var historyMessages: Int

  /// Which rows a backfill sends; nil for every row.
  public var part: RowPart?

  /// The file of a pinned plan, as somebody typed it: what guards stop is sent from there.
  public var planFile: String?

  /// Whether only a part of the result is read: then nothing is said of the rest of it.
  public var isPartial: Bool { limit != nil || part != nil }

  /// Whether a backfill sends only rows whose message is another than the one that was sent.
  var sendsChangedMessages: Bool { command == .backfill && part?.changedMessages == true }

  /// Whether that is said of the whole result.
  var sendsAllChangedMessages: Bool {
    guard sendsChangedMessages, limit == nil, let part else { return false }
    return part.condition == nil && part.keys.isEmpty
  }

  /// Creates options.
  public init(
    command: Command = .run,
    limit: Int? = nil,
    allowedGuards: Set<Guard> = [],
    restartsBackfill: Bool = false,
    historyRuns: Int = 100,
    historyMessages: Int = 1000
  ) {
    self.command = command
    self.limit = limit
    self.allowedGuards = allowedGuards
    self.restartsBackfill = restartsBackfill
    self.historyRuns = historyRuns
    self.historyMessages = historyMessages
  }
}
