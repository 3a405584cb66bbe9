extension StateFile {
  /// Ids of the topics that were sent to, by name.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func topicIDs() throws(StateError) -> [String: String] {
    let query = try database.prepare("SELECT name, id FROM topic")
    var ids: [String: String] = [:]
    while try query.step() { ids[query.text(0) ?? ""] = query.text(1) }
    return ids
  }

  /// Remembers the ids of topics, by name.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func remember(topicIDs ids: [String: String]) throws(StateError) {
    try database.transaction { () throws(StateError) in
      let insert = try database.prepare("INSERT OR REPLACE INTO topic VALUES (?, ?)")
      for (name, id) in ids {
        insert.bind(1, name)
        insert.bind(2, id)
        try insert.run()
      }
    }
  }

  /// Forgets all of them, inside a transaction of the caller's.
  func eraseTopicIDs() throws(StateError) {
    try database.execute("DELETE FROM topic")
  }
}
