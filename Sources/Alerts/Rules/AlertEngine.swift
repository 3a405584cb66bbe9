internal import Reports
internal import Settings
internal import Text

/// Turns what happened into incidents and notifications: pure, nothing is read or sent.
struct AlertEngine: Sendable {
  let settings: AlertSettings
  /// Name of the project, for those who get alerts of several.
  let project: String

  /// Judges `observations`, and the staleness of all `subjects`, at `now` (microseconds since
  /// 1970); returns what has to be told, in order.
  ///
  /// `subjects` are all syncs of the project: one that left them leaves its incidents.
  func judge(
    _ observations: [AlertObservation],
    subjects: [AlertSubject],
    now: Int,
    _ book: inout AlertBook
  ) -> [AlertNotification] {
    for subject in subjects where book.syncs[subject.name] == nil {
      book.syncs[subject.name] = SyncMemory(firstSeen: now)
    }
    let names = Set(subjects.map(\.name))
    for sync in Set(book.syncs.keys).subtracting(names) { book.syncs[sync] = nil }
    for index in book.incidents.indices {
      book.incidents[index].members.removeAll { !names.contains($0.sync) }
    }
    for observation in observations { take(observation, now: now, &book) }
    for subject in subjects { judgeStaleness(subject, now: now, &book) }
    return notifications(now: now, &book)
  }

  private func take(_ observation: AlertObservation, now: Int, _ book: inout AlertBook) {
    let (subject, run) = (observation.subject, observation.run)
    var memory = book.syncs[subject.name] ?? SyncMemory(firstSeen: now)
    if memory.firstAttempt == nil { memory.firstAttempt = run.startedAt }
    if run.outcome.isComplete {
      memory.lastSuccess = max(memory.lastSuccess ?? 0, run.finishedAt)
    }
    book.syncs[subject.name] = memory
    let judge = RuleJudge(subject: subject, run: run, earlier: observation.earlier)
    for kind in AlertRule.Kind.allCases where kind != .stale {
      apply(kind, subject, now: now, to: &book) { judge.verdict($0.condition) }
    }
  }

  private func judgeStaleness(_ subject: AlertSubject, now: Int, _ book: inout AlertBook) {
    let memory = book.syncs[subject.name] ?? SyncMemory(firstSeen: now)
    apply(.stale, subject, now: now, to: &book) { rule in
      guard case .stale(let limit) = rule.condition else { return .unknown }
      return Staleness.verdict(subject, memory, after: limit, now: now)
    }
  }

  // MARK: - Incidents

  private func apply(
    _ kind: AlertRule.Kind,
    _ subject: AlertSubject,
    now: Int,
    to book: inout AlertBook,
    verdict: (AlertRule) -> AlertVerdict
  ) {
    let rules = settings.rules.filter { $0.condition.kind == kind && $0.covers(subject) }
    let verdicts = rules.map { ($0, verdict($0)) }
    if !rules.isEmpty, verdicts.allSatisfy({ $0.1 == .unknown }) { return }
    var firing = Firing()
    for case (let rule, .firing(let finding)) in verdicts {
      firing.add(rule, finding, isMuted: isMuted(rule, now))
    }
    guard let finding = firing.finding else { return leave(kind, subject.name, in: &book) }
    let member = Incident.Member(
      sync: subject.name,
      since: now,
      finding: finding,
      channels: firing.channels,
      muted: firing.muted.subtracting(firing.channels.keys)
    )
    join(kind, member, now: now, in: &book)
  }

  /// The rules of one kind that are the case for a sync.
  private struct Firing {
    var channels: [String: AlertSeverity] = [:]
    var muted: Set<String> = []
    var finding: AlertFinding?
    private var gravest: AlertSeverity?

    mutating func add(_ rule: AlertRule, _ found: AlertFinding, isMuted: Bool) {
      if gravest.map({ $0 < rule.severity }) ?? true {
        finding = found
        gravest = rule.severity
      }
      for channel in rule.channels {
        if isMuted {
          muted.insert(channel)
        } else {
          channels[channel] = max(channels[channel] ?? rule.severity, rule.severity)
        }
      }
    }
  }

  private func isMuted(_ rule: AlertRule, _ now: Int) -> Bool {
    rule.muteUntil.map { now < $0 } ?? false
  }

  private func leave(_ kind: AlertRule.Kind, _ sync: String, in book: inout AlertBook) {
    for index in book.incidents.indices where book.incidents[index].cause.kind == kind {
      book.incidents[index].members.removeAll { $0.sync == sync }
    }
  }

  /// A sync stays in its incident until nothing of the kind is wrong with it: another error
  /// does not change its state.
  private func join(
    _ kind: AlertRule.Kind,
    _ member: Incident.Member,
    now: Int,
    in book: inout AlertBook
  ) {
    for index in book.incidents.indices where book.incidents[index].cause.kind == kind {
      let place = book.incidents[index].members.firstIndex { $0.sync == member.sync }
      guard let place else { continue }
      var member = member
      member.since = book.incidents[index].members[place].since
      book.incidents[index].members[place] = member
      return
    }
    let finding = member.finding
    let cause = Incident.Cause(kind: kind, system: finding.system, code: finding.code)
    let known = book.incidents.firstIndex { $0.cause == cause }
    if known == nil {
      book.incidents.append(
        Incident(
          id: identity(of: cause, now),
          cause: cause,
          openedAt: now,
          opening: finding,
          opener: member.sync
        )
      )
    }
    let index = known ?? book.incidents.count - 1
    book.incidents[index].members.append(member)
    if !book.incidents[index].everyone.contains(member.sync) {
      book.incidents[index].everyone.append(member.sync)
    }
  }

  private func identity(of cause: Incident.Cause, _ now: Int) -> String {
    let text = [project, cause.kind.rawValue, cause.system, cause.code, "\(now)"]
    let digest = SHA256.digest(Array(text.joined(separator: "\n").utf8))
    return "inc_" + Hexadecimal.text(digest.prefix(8))
  }

  // MARK: - Notifications

  /// Tells each channel for which an incident is another than what it was told last.
  private func notifications(now: Int, _ book: inout AlertBook) -> [AlertNotification] {
    var result: [AlertNotification] = []
    for index in book.incidents.indices {
      for channel in settings.channels {
        let incident = book.incidents[index]
        let told = incident.told[channel.name]
        let severity = incident.severity(for: channel.name).flatMap {
          $0 < channel.minimum ? nil : $0
        }
        if severity == told || isSilent(channel.name, severity, of: incident, now: now) { continue }
        book.incidents[index].sequence += 1
        book.incidents[index].told[channel.name] = severity
        result.append(
          AlertNotification(
            book.incidents[index],
            to: channel.name,
            from: told,
            to: severity,
            project: project,
            at: now
          )
        )
      }
    }
    let known = Set(settings.channels.map(\.name))
    book.incidents.removeAll { $0.members.isEmpty && known.isDisjoint(with: $0.told.keys) }
    return result
  }

  /// Whether what changed is for later: the rules that would tell `channel` are muted.
  private func isSilent(
    _ channel: String,
    _ severity: AlertSeverity?,
    of incident: Incident,
    now: Int
  ) -> Bool {
    if severity == nil, incident.members.contains(where: { $0.muted.contains(channel) }) {
      return true
    }
    let rules = settings.rules.filter {
      $0.condition.kind == incident.cause.kind && $0.channels.contains(channel)
    }
    return !rules.isEmpty && rules.allSatisfy { isMuted($0, now) }
  }
}
