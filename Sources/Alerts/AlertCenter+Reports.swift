public import Reports
internal import SQLite
public import Settings

extension AlertCenter {
  /// What is wrong now, and what waits to be delivered.
  ///
  /// Throws a ``RunError`` if what is remembered cannot be read.
  public func status() async throws(RunError) -> AlertsReport {
    do throws(AlertStoreError) {
      let found = try await store.read { (connection) throws(SQLiteError) in
        (try AlertBook(connection), try Outbox(connection: connection).summary())
      }
      return AlertsReport(
        incidents: (found?.0.incidents ?? []).filter { !$0.members.isEmpty }.map(\.reported),
        channels: settings.channels.map { channel in
          let waiting = found?.1.first { $0.channel == channel.name }
          return AlertsReport.Channel(
            name: channel.name,
            type: channel.target.type,
            waiting: waiting?.count ?? 0,
            waitingSince: waiting?.since,
            error: waiting?.error
          )
        }
      )
    } catch {
      throw RunError(
        .failed,
        "what alerts remember cannot be read: \(error)",
        kind: .alertState,
        hint: "without the file the next run starts over, and tells again of what is wrong"
      )
    }
  }

  /// Sends a message that says it is a test to the channels called `names`.
  public func test(_ names: [String]) async -> AlertTestReport {
    let time = now()
    var results: [AlertTestReport.Channel] = []
    for channel in settings.channels where names.contains(channel.name) {
      var result = AlertTestReport.Channel(name: channel.name, type: channel.target.type)
      let message = AlertNotification(testing: channel, project: project, at: time)
      do throws(AlertSender.Failure) {
        try await sender.send(message, to: channel)
      } catch {
        result.error = error.description
      }
      results.append(result)
    }
    return AlertTestReport(results)
  }
}

extension Incident {
  fileprivate var reported: AlertsReport.Incident {
    AlertsReport.Incident(
      id: id,
      rule: cause.kind.rawValue,
      system: cause.system,
      code: cause.code,
      severity: severity,
      since: openedAt,
      told: told.keys.sorted(),
      syncs: members.map { member in
        AlertsReport.Member(
          sync: member.sync,
          since: member.since,
          summary: member.finding.summary,
          details: member.finding.details,
          command: member.finding.command
        )
      }
    )
  }
}

extension AlertCenter {
  /// How grave each kind of rule is for each sync that it judges, by the sync's name; nil if nothing
  /// is wrong.
  public func ruleStates() async -> [String: [(kind: AlertRule.Kind, severity: AlertSeverity?)]] {
    let book = try? await store.read { (connection) throws(SQLiteError) in
      try AlertBook(connection)
    }
    let incidents = (book ?? nil)?.incidents ?? []
    var result: [String: [(kind: AlertRule.Kind, severity: AlertSeverity?)]] = [:]
    for subject in subjects {
      let kinds = Set(settings.rules.filter { $0.covers(subject) }.map(\.condition.kind))
      result[subject.name] = AlertRule.Kind.allCases.filter(kinds.contains).map { kind in
        let members = incidents.filter { $0.cause.kind == kind }.flatMap(\.members)
          .filter { $0.sync == subject.name }
        return (kind, members.flatMap { $0.channels.values }.max())
      }
    }
    return result
  }

  /// Names of the channels, in the file's order.
  public var channelNames: [String] { settings.channels.map(\.name) }
}
