internal import Text

/// What makes messages, and which of it made the last message of each row.
extension StateFile {
  /// Notes that messages of batches that are written down from now on are made with `text`, and
  /// returns its number.
  ///
  /// Settings that no row needs any more are forgotten. Throws a ``StateError`` if the file cannot
  /// be written.
  @discardableResult
  public func use(messageSettings text: String) throws(StateError) -> Int {
    let known = try number(ofMessageSettings: text)
    let number: Int
    if let known {
      number = known
    } else {
      number = try database.transaction { () throws(StateError) in
        try forgetUnusedSettings()
        return try remember(messageSettings: text)
      }
    }
    madeWith = .settings(number)
    return number
  }

  /// What messages of rows were made with, by number.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func messageSettings() throws(StateError) -> [Int: String] {
    let query = try database.prepare("SELECT number, data FROM message_settings")
    var settings: [Int: String] = [:]
    while try query.step() { settings[query.integer(0)] = query.text(1) }
    return settings
  }

  /// What made the last messages of the rows at `references`, in their order.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func origins(of references: [RowReference]) throws(StateError) -> [MessageOrigin] {
    var found = Array(repeating: MessageOrigin.unknown, count: references.count)
    var segment: UInt32?
    var origins: [MessageOrigin] = []
    for index in references.indices.sorted(by: { references[$0] < references[$1] }) {
      let reference = references[index]
      if segment != reference.segment {
        origins = try self.origins(in: reference.segment, count: nil)
        segment = reference.segment
      }
      guard Int(reference.slot) < origins.count else {
        throw database.damage("segment \(reference.segment) is shorter than its rows")
      }
      found[index] = origins[Int(reference.slot)]
    }
    return found
  }

  /// Notes that the prepared batches `numbers` are sent again, with messages that are made now.
  ///
  /// Those that bring their messages stay as they are. Throws a ``StateError`` if the file cannot be
  /// written.
  public func noteSentAgain(_ numbers: [Int]) throws(StateError) {
    if madeWith == .unknown { return }
    try database.transaction { () throws(StateError) in
      for number in numbers where try !isPinned(number) {
        try noteOrigins(ofBatch: number)
      }
    }
  }

  /// Notes that the rows of a prepared batch are sent with what messages are made with now, inside a
  /// transaction of the caller's.
  func noteOrigins(ofBatch number: Int) throws(StateError) {
    let query = try database.prepare("SELECT rows, changes FROM batch WHERE number = ?")
    query.bind(1, number)
    guard try query.step() else { throw database.damage("batch \(number) is missing") }
    var origins = Array(repeating: madeWith, count: query.integer(0))
    if !query.isNull(1) {
      guard let changes = ChangeCoding.decodeChanges(query.bytes(1)) else {
        throw database.damage("batch \(number) has an unreadable list of changes")
      }
      origins = try self.origins(of: changes)
    }
    let segments = try database.prepare(
      "SELECT number, rows FROM segment WHERE batch = ? ORDER BY number"
    )
    segments.bind(1, number)
    let update = try database.prepare("UPDATE segment SET settings = ? WHERE number = ?")
    var first = 0
    while try segments.step() {
      let end = first + segments.integer(1)
      guard end <= origins.count else { throw database.damage("batch \(number) has lost rows") }
      let blob = MessageOrigin.encode(origins[first..<end])
      update.bind(1, blob.bytes)
      update.bind(2, segments.integer(0))
      try update.run()
      first = end
    }
  }

  /// The origins of the rows that `changes` bring, if they are sent now.
  ///
  /// A row that is only remembered keeps the origin of the one that it supersedes: that is what its
  /// consumers have.
  func origins(of changes: [ChangeBatch.RowChange]) throws(StateError) -> [MessageOrigin] {
    let bringing = changes.filter { $0.kind != .removed }
    var origins = Array(repeating: madeWith, count: bringing.count)
    let silent = bringing.indices.filter { bringing[$0].isSilent }
    if silent.isEmpty { return origins }
    for index in silent { origins[index] = .neverSent }
    let superseding = silent.filter { bringing[$0].old != nil }
    let older = try self.origins(of: superseding.compactMap { bringing[$0].old })
    for (index, origin) in zip(superseding, older) { origins[index] = origin }
    return origins
  }

  /// The origins of the rows of `segment`, superseded ones included; with `count` it must have so
  /// many.
  func origins(in segment: UInt32, count: Int?) throws(StateError) -> [MessageOrigin] {
    let query = try database.prepare("SELECT rows, settings FROM segment WHERE number = ?")
    query.bind(1, Int(segment))
    guard try query.step() else { throw database.damage("segment \(segment) is missing") }
    let rows = count ?? query.integer(0)
    if query.isNull(1) { return Array(repeating: .unknown, count: rows) }
    guard let origins = MessageOrigin.decode(query.bytes(1), count: rows) else {
      throw database.damage("segment \(segment) does not say what made its messages")
    }
    return origins
  }

  /// The number of message settings, which are remembered inside a transaction of the caller's.
  func remember(messageSettings text: String) throws(StateError) -> Int {
    if let known = try number(ofMessageSettings: text) { return known }
    let number = try database.next("message_settings")
    let insert = try database.prepare("INSERT INTO message_settings VALUES (?, ?)")
    insert.bind(1, number)
    insert.bind(2, text)
    try insert.run()
    return number
  }

  private func number(ofMessageSettings text: String) throws(StateError) -> Int? {
    let query = try database.prepare("SELECT number FROM message_settings WHERE data = ?")
    query.bind(1, text)
    return try query.step() ? query.integer(0) : nil
  }

  private func forgetUnusedSettings() throws(StateError) {
    var used = Set([try meta().wholeSettings].compactMap(\.self))
    let query = try database.prepare("SELECT number, rows FROM segment WHERE settings IS NOT NULL")
    while try query.step() {
      let segment = UInt32(truncatingIfNeeded: query.integer(0))
      for origin in Set(try origins(in: segment, count: query.integer(1))) {
        if case .settings(let number) = origin { used.insert(number) }
      }
    }
    let delete = try database.prepare("DELETE FROM message_settings WHERE number = ?")
    for number in try messageSettings().keys where !used.contains(number) {
      delete.bind(1, number)
      try delete.run()
    }
  }
}
