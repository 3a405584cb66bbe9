internal import Text

extension StateFile {
  /// What the state says about itself.
  ///
  /// Throws a ``StateError`` if it cannot be read.
  public func meta() throws(StateError) -> StateMeta {
    let statement = try database.prepare("SELECT name, value FROM meta")
    var meta = StateMeta()
    while try statement.step() {
      // A later migration may have dropped a name and kept its row.
      guard let name = statement.text(0).flatMap(StateMeta.Name.init) else { continue }
      guard let text = statement.text(1), meta.read(text, as: name) else {
        throw database.damage("the state's \(name.rawValue) is unreadable")
      }
    }
    return meta
  }

  /// Changes what the state says about itself, in one transaction.
  ///
  /// Nothing is written if nothing differs: writing costs a flush of the disk. Throws a
  /// ``StateError`` if the file cannot be written.
  public func update(_ change: @Sendable (inout StateMeta) -> Void) throws(StateError) {
    let known = try meta()
    var wanted = known
    change(&wanted)
    if wanted == known { return }
    try database.transaction { () throws(StateError) in try write(wanted, over: known) }
  }

  /// The identity and the secret of this state, made when first asked for.
  ///
  /// Throws a ``StateError`` if they cannot be read or written.
  public func identity() throws(StateError) -> (id: String, secret: UInt64) {
    let known = try meta()
    if let id = known.id, let secret = known.secret { return (id, secret) }
    var generator = SystemRandomNumberGenerator()
    let secret: UInt64 = generator.next()
    let id = (0..<2).map { _ in Hexadecimal.text(generator.next()) }.joined()
    try update { meta in
      meta.id = id
      meta.secret = secret
    }
    return (id, secret)
  }

  /// Changes what the state says about itself, inside a transaction of the caller's.
  func write(_ change: (inout StateMeta) -> Void) throws(StateError) {
    let known = try meta()
    var wanted = known
    change(&wanted)
    try write(wanted, over: known)
  }

  private func write(_ wanted: StateMeta, over known: StateMeta) throws(StateError) {
    for name in StateMeta.Name.allCases where wanted.text(name) != known.text(name) {
      let value = wanted.text(name)
      let statement = try database.prepare(
        value == nil
          ? "DELETE FROM meta WHERE name = ?" : "INSERT OR REPLACE INTO meta VALUES (?, ?)"
      )
      statement.bind(1, name.rawValue)
      if let value { statement.bind(2, value) }
      try statement.run()
    }
  }
}
