internal import Settings

/// Something that is wrong, with all syncs that it is wrong for.
struct Incident: Sendable, Hashable {
  /// What syncs have in common that share one.
  struct Cause: Sendable, Hashable {
    var kind: AlertRule.Kind
    /// What it is about, as in `destination events`.
    var system: String
    /// What is wrong there.
    var code: String
  }

  /// A sync that is in it.
  struct Member: Sendable, Hashable {
    var sync: String
    /// Since when, in microseconds since 1970.
    var since: Int
    /// What was found last.
    var finding: AlertFinding
    /// How grave it is for each channel that is told.
    var channels: [String: AlertSeverity]
    /// Channels that would be told if their rules were not muted.
    var muted: Set<String>
  }

  /// Its identity; two incidents never have the same one.
  let id: String
  let cause: Cause
  /// When it was opened, in microseconds since 1970.
  let openedAt: Int
  /// What was found when it was opened.
  let opening: AlertFinding
  /// The sync that opened it.
  let opener: String
  /// Those that are in it, in the order of joining.
  var members: [Member] = []
  /// All that were ever in it, in the order of joining.
  var everyone: [String] = []
  /// What each channel was told last; without those that know of nothing wrong.
  var told: [String: AlertSeverity] = [:]
  /// How many notifications it has made.
  var sequence = 0

  /// How grave it is for `channel` now; nil if nothing is wrong.
  func severity(for channel: String) -> AlertSeverity? {
    members.compactMap { $0.channels[channel] }.max()
  }

  /// The gravest of all channels, nil if nobody is in it.
  var severity: AlertSeverity? { members.flatMap { $0.channels.values }.max() }
}

/// All that alerts remember: changed by ``AlertEngine``, kept by ``AlertStore``.
struct AlertBook: Sendable, Hashable {
  /// What is known of each sync.
  var syncs: [String: SyncMemory] = [:]
  /// What is wrong, in the order of opening.
  var incidents: [Incident] = []
}
