internal import SQLite

extension StateFile {
  /// Ids of the topics that were sent to, by name.
  public func topicIDs() throws -> [String: String] {
    try perform {
      let query = try connection.prepare("SELECT name, id FROM topic")
      var ids: [String: String] = [:]
      while try query.step() { ids[query.text(0) ?? ""] = query.text(1) }
      return ids
    }
  }

  /// Remembers the ids of topics, by name.
  public func remember(topicIDs ids: [String: String]) throws {
    try perform {
      try connection.transaction {
        let insert = try connection.prepare("INSERT OR REPLACE INTO topic VALUES (?, ?)")
        for (name, id) in ids {
          insert.bind(1, name)
          insert.bind(2, id)
          try insert.run()
        }
      }
    }
  }

  /// Forgets all of them, inside a transaction of the caller's.
  func eraseTopicIDs() throws {
    try connection.execute("DELETE FROM topic")
  }
}
