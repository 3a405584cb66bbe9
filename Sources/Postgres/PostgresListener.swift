internal import CPostgres
internal import Text

/// Hears what a server announces on a channel, by `NOTIFY`.
public enum PostgresListener {
  /// Connects with libpq's connection keywords, and calls `heard` when the connection stands and after
  /// each announcement; several that come together are one.
  ///
  /// What was announced before, while nobody listened, is not known: the first call stands for that.
  /// Blocks the calling thread until somebody wakes it; throws if there is no connection or it breaks.
  public static func listen(
    parameters: [(keyword: String, value: String)],
    channel: String,
    wakeup: Wakeup,
    heard: () -> Void
  ) throws(PostgresError) {
    do throws(PostgresError) {
      let connection = try ConnectionHandle(
        ConnectionHandle.defaults + parameters + [(keyword: "client_encoding", value: "UTF8")],
        wakeup
      )
      _ = try connection.execute("LISTEN \(SQLText.name(channel))")
      heard()
      while true {
        guard try connection.hasInput() else { throw connection.error(ResultHandle(nil)) }
        if hasAnnouncement(connection) { heard() }
      }
    } catch {
      // Nobody wants to hear any longer.
      if error.code == .cancelled { return }
      throw error
    }
  }

  /// Takes all announcements that have arrived.
  private static func hasAnnouncement(_ connection: borrowing ConnectionHandle) -> Bool {
    var isAnnounced = false
    while let notification = PQnotifies(connection.pointer) {
      PQfreemem(notification)
      isAnnounced = true
    }
    return isAnnounced
  }
}
