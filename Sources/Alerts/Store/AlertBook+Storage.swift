internal import SQLite
internal import Settings

/// The book as its tables hold it.
extension AlertBook {
  /// Reads all of it.
  init(_ connection: SQLiteConnection) throws(SQLiteError) {
    let sync = try connection.prepare("SELECT * FROM sync")
    while try sync.step() {
      syncs[sync.text(0) ?? ""] = SyncMemory(
        firstSeen: sync.integer(1),
        firstAttempt: sync.isNull(2) ? nil : sync.integer(2),
        lastSuccess: sync.isNull(3) ? nil : sync.integer(3)
      )
    }
    let statement = try connection.prepare("SELECT * FROM incident ORDER BY number")
    while try statement.step() {
      // A rule that this version does not know is none of its business.
      guard let kind = statement.text(2).flatMap(AlertRule.Kind.init) else { continue }
      var incident = Incident(
        id: statement.text(1) ?? "",
        cause: Incident.Cause(
          kind: kind,
          system: statement.text(3) ?? "",
          code: statement.text(4) ?? ""
        ),
        openedAt: statement.integer(5),
        opening: AlertFinding(stored: statement.text(6) ?? ""),
        opener: statement.text(7) ?? ""
      )
      incident.everyone = StoredTexts.texts(statement.text(8))
      incident.sequence = statement.integer(9)
      incident.members = try Self.members(of: incident.id, connection)
      incident.told = try Self.severities(
        "SELECT channel, severity FROM told WHERE incident = ?",
        of: [incident.id],
        connection
      )
      incidents.append(incident)
    }
  }

  private static func members(
    of incident: String,
    _ connection: SQLiteConnection
  ) throws(SQLiteError) -> [Incident.Member] {
    let statement = try connection.prepare(
      "SELECT sync, since, finding, muted FROM member WHERE incident = ? ORDER BY number"
    )
    statement.bind(1, incident)
    var members: [Incident.Member] = []
    while try statement.step() {
      let sync = statement.text(0) ?? ""
      members.append(
        Incident.Member(
          sync: sync,
          since: statement.integer(1),
          finding: AlertFinding(stored: statement.text(2) ?? ""),
          channels: try severities(
            "SELECT channel, severity FROM severity WHERE incident = ? AND sync = ?",
            of: [incident, sync],
            connection
          ),
          muted: Set(StoredTexts.texts(statement.text(3)))
        )
      )
    }
    return members
  }

  private static func severities(
    _ sql: String,
    of keys: [String],
    _ connection: SQLiteConnection
  ) throws(SQLiteError) -> [String: AlertSeverity] {
    let statement = try connection.prepare(sql)
    for (index, key) in keys.enumerated() { statement.bind(index + 1, key) }
    var result: [String: AlertSeverity] = [:]
    while try statement.step() {
      result[statement.text(0) ?? ""] = statement.text(1).flatMap(AlertSeverity.init)
    }
    return result
  }

  /// Puts it in the place of `old`, which the tables hold.
  func write(over old: AlertBook, _ connection: SQLiteConnection) throws(SQLiteError) {
    if syncs != old.syncs { try writeSyncs(connection) }
    if incidents != old.incidents { try writeIncidents(connection) }
  }

  private func writeSyncs(_ connection: SQLiteConnection) throws(SQLiteError) {
    try connection.execute("DELETE FROM sync")
    let statement = try connection.prepare("INSERT INTO sync VALUES (?, ?, ?, ?)")
    for (name, memory) in syncs {
      statement.bind(1, name)
      statement.bind(2, memory.firstSeen)
      statement.bind(3, memory.firstAttempt)
      statement.bind(4, memory.lastSuccess)
      try statement.run()
    }
  }

  private func writeIncidents(_ connection: SQLiteConnection) throws(SQLiteError) {
    for table in ["incident", "member", "severity", "told"] {
      try connection.execute("DELETE FROM \(table)")
    }
    let statement = try connection.prepare(
      "INSERT INTO incident VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    for incident in incidents {
      statement.bind(1, incident.id)
      statement.bind(2, incident.cause.kind.rawValue)
      statement.bind(3, incident.cause.system)
      statement.bind(4, incident.cause.code)
      statement.bind(5, incident.openedAt)
      statement.bind(6, incident.opening.stored)
      statement.bind(7, incident.opener)
      statement.bind(8, StoredTexts.text(incident.everyone))
      statement.bind(9, incident.sequence)
      try statement.run()
      for member in incident.members { try write(member, of: incident, connection) }
      for (channel, severity) in incident.told {
        let told = try connection.prepare("INSERT INTO told VALUES (?, ?, ?)")
        told.bind(1, incident.id)
        told.bind(2, channel)
        told.bind(3, severity.rawValue)
        try told.run()
      }
    }
  }

  private func write(
    _ member: Incident.Member,
    of incident: Incident,
    _ connection: SQLiteConnection
  ) throws(SQLiteError) {
    let statement = try connection.prepare("INSERT INTO member VALUES (NULL, ?, ?, ?, ?, ?)")
    statement.bind(1, incident.id)
    statement.bind(2, member.sync)
    statement.bind(3, member.since)
    statement.bind(4, member.finding.stored)
    statement.bind(5, StoredTexts.text(member.muted.sorted()))
    try statement.run()
    for (channel, severity) in member.channels {
      let row = try connection.prepare("INSERT INTO severity VALUES (?, ?, ?, ?)")
      row.bind(1, incident.id)
      row.bind(2, member.sync)
      row.bind(3, channel)
      row.bind(4, severity.rawValue)
      try row.run()
    }
  }
}
