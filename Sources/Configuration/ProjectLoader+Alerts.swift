import Settings

/// What is looked at when the syncs are known.
extension ProjectLoader {
  /// What rules of alerts say of syncs, which are known now.
  func checkAlerts(_ project: ProjectFile) {
    guard let places = project.alertPlaces else { return }
    if drafts.contains(where: { $0.name == "alerts" }) {
      places.section.error(
        "a sync is called 'alerts': its state would be the file in which alerts remember",
        hint: "rename syncs/alerts.yml, and state/alerts.db with it"
      )
    }
    checkHeartbeats(project.alerts?.heartbeats ?? [], places.section)
    if drafts.contains(where: { $0.tags == nil }) { return }
    let known = Set(drafts.flatMap { $0.tags ?? [] })
    for node in places.tags {
      guard case .scalar(let tag, _) = node.content, !known.contains(tag) else { continue }
      node.remark(.warning, "no sync has the tag \(tag.quoted)")
    }
  }

  /// Each schedule has a line of its own in cron: one that runs would hide one that does not.
  private func checkHeartbeats(_ heartbeats: [HeartbeatSettings], _ section: YAMLEntry) {
    let scheduled = drafts.compactMap(\.settings).filter { $0.schedule != nil }
    for heartbeat in heartbeats where !heartbeat.isPerSync {
      let sharing = scheduled.filter { heartbeat.covers($0.name, tags: $0.tags) }
      let schedules = Set(sharing.map { $0.schedule?.value.split(separator: " ") })
      if schedules.count < 2 { continue }
      section.value.source.error(
        at: section.keyRange,
        "syncs of \(schedules.count) schedules share one heartbeat: those that run hide one that does "
          + "not",
        hint: "write {sync} into its url, or a heartbeat for each with 'syncs'",
        severity: .warning
      )
    }
  }

  /// Keeps secrets from commands.
  func withEnvironment(
    _ variables: [String: String],
    _ alerts: AlertSettings
  ) -> AlertSettings {
    var alerts = alerts
    let hidden = secretNames(variables)
    for index in alerts.channels.indices {
      guard case .command(let text, _) = alerts.channels[index].target else { continue }
      alerts.channels[index].target = .command(text, hiding: hidden)
    }
    return alerts
  }
}
