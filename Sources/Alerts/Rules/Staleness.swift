internal import Reports
internal import Settings

/// What is known of the successes of a sync.
struct SyncMemory: Sendable, Hashable {
  /// When alerts first saw it, in microseconds since 1970.
  var firstSeen: Int
  /// Start of its first run that ended, however; nil before.
  var firstAttempt: Int?
  /// End of its last run that succeeded; nil before.
  var lastSuccess: Int?
}

/// Judges how long ago a sync has succeeded: pure.
enum Staleness {
  /// Whether `memory` is older than `limit`, at `now` (microseconds since 1970).
  static func verdict(
    _ subject: AlertSubject,
    _ memory: SyncMemory,
    after limit: Duration,
    now: Int
  ) -> AlertVerdict {
    let since = memory.lastSuccess ?? memory.firstAttempt ?? memory.firstSeen
    let age = Duration.microseconds(now - since)
    if age <= limit { return .fine }
    let time = ReportTime.utc(milliseconds: Int64(since / 1000))
    let start =
      memory.lastSuccess != nil
      ? "the last success was at \(time)"
      : memory.firstAttempt != nil
        ? "it has never succeeded; the first attempt was at \(time)"
        : "it has never run; it is known since \(time)"
    return .firing(
      AlertFinding(
        system: subject.destinationSystem,
        code: "stale",
        summary: "has had no successful run for \(age.spoken)",
        details: [start, "the rule allows \(DurationText.text(limit))"],
        command: "sluice status \(subject.name)"
      )
    )
  }
}
