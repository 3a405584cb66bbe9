internal import Text
internal import Rows

extension StateFile {
  private struct Candidate {
    var number: UInt32
    var shape: Int
    var rows: Int
    var dead: Set<UInt32> = []

    var living: Int { rows - dead.count }
  }

  /// Rows of one shape on their way into another segment.
  private struct Rewritten {
    var page = Page()
    var entries: [Entry] = []
    var origins: [MessageOrigin] = []
  }

  /// Segments below this many rows are merged once there are ``mergedFrom`` of them.
  private static var smallRows: Int { 1024 }
  private static var mergedFrom: Int { 16 }
  /// Most rows rewritten in one run, beside one twentieth of the state.
  private static var rewrittenRowsMin: Int { 50_000 }

  /// Merges small segments and rewrites those that are more than half dead.
  ///
  /// Does nothing while a batch waits to be sent or a backfill is not finished; bounded to some
  /// 5 % of the state. Throws a ``StateError`` if the file cannot be written.
  public func tidy() throws(StateError) {
    guard try preparedBatches().isEmpty, try meta().backfill == nil else { return }
    let (candidates, kills) = try survey()
    let victims = choose(candidates)
    if victims.isEmpty { return }
    try database.transaction { () throws(StateError) in try rewrite(victims, kills) }
  }

  /// Rewrites every segment with dead rows, and small ones if there are several.
  func rewriteAllDead() throws(StateError) {
    let (candidates, kills) = try survey()
    let isMerging = candidates.count { $0.living < Self.smallRows } > 1
    let victims = candidates.filter {
      !$0.dead.isEmpty || (isMerging && $0.living < Self.smallRows)
    }
    if victims.isEmpty { return }
    try database.transaction { () throws(StateError) in try rewrite(victims, kills) }
  }

  private func survey() throws(StateError) -> (candidates: [Candidate], kills: [RowReference]) {
    let query = try database.prepare(
      """
      SELECT segment.number, segment.shape, segment.rows
      FROM segment JOIN batch ON batch.number = segment.batch
      WHERE state = 'live' ORDER BY segment.number
      """
    )
    var candidates: [Candidate] = []
    var positions: [UInt32: Int] = [:]
    while try query.step() {
      let number = UInt32(truncatingIfNeeded: query.integer(0))
      positions[number] = candidates.count
      candidates.append(
        Candidate(number: number, shape: query.integer(1), rows: query.integer(2))
      )
    }
    var kills: [RowReference] = []
    let dead = try database.prepare(
      "SELECT kills FROM batch WHERE state = 'live' AND kills IS NOT NULL"
    )
    while try dead.step() {
      ChangeCoding.forEachKill(dead.bytes(0)) { kill in
        guard let position = positions[kill.segment] else { return }
        candidates[position].dead.insert(kill.slot)
        kills.append(kill)
      }
    }
    return (candidates, kills)
  }

  private func choose(_ candidates: [Candidate]) -> [Candidate] {
    let total = candidates.reduce(0) { $0 + $1.rows }
    var budget = max(Self.rewrittenRowsMin, total / 20)
    let small = candidates.filter { $0.living < Self.smallRows }
    let isMerging = small.count >= Self.mergedFrom
    var victims: [Candidate] = []
    for candidate in candidates {
      let isSmall = isMerging && candidate.living < Self.smallRows
      let isMostlyDead = candidate.dead.count * 2 > candidate.rows
      guard isSmall || isMostlyDead, budget > 0 else { continue }
      victims.append(candidate)
      budget -= candidate.rows
    }
    return victims
  }

  private func rewrite(_ victims: [Candidate], _ kills: [RowReference]) throws(StateError) {
    forgetLinesAhead()
    let batch = try insertTidyBatch()
    var pages: [Int: Rewritten] = [:]
    let source = Page()
    for victim in victims {
      let shape = try readSegment(victim.number, into: source)
      let entries = try entries(of: victim.number)
      guard entries.count == source.count else {
        throw database.damage("segment \(victim.number) has a wrong number of entries")
      }
      let origins = try origins(in: victim.number, count: entries.count)
      var target = pages[shape] ?? Rewritten()
      for slot in 0..<source.count where !victim.dead.contains(UInt32(slot)) {
        target.page.append(source.line(slot))
        target.entries.append(entries[slot])
        target.origins.append(origins[slot])
        if target.page.count == Self.segmentRowsMax {
          try flush(&target, shape: shape, batch: batch)
        }
      }
      pages[shape] = target
    }
    for (shape, rest) in pages.sorted(by: { $0.key < $1.key }) {
      var target = rest
      try flush(&target, shape: shape, batch: batch)
    }
    let gone = Set(victims.map(\.number))
    try deleteSegments(Array(gone))
    try gather(kills.filter { !gone.contains($0.segment) }, into: batch)
  }

  private func flush(
    _ target: inout Rewritten,
    shape: Int,
    batch: Int
  ) throws(StateError) {
    if target.page.count > 0 {
      _ = try insertSegment(
        batch: batch,
        shape: shape,
        target.entries[...],
        target.page.bytes(of: 0..<target.page.count),
        origins: target.origins[...]
      )
    }
    target = Rewritten()
  }

  /// The entries of a segment, one a row.
  func entries(of segment: UInt32) throws(StateError) -> [Entry] {
    let statement = try database.prepare("SELECT entries FROM segment WHERE number = ?")
    statement.bind(1, Int(segment))
    guard try statement.step() else { throw database.damage("segment \(segment) is missing") }
    let bytes = statement.bytes(0)
    return (0..<(bytes.count / MemoryLayout<Entry>.stride)).map {
      bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Entry>.stride, as: Entry.self)
    }
  }

  /// Writes down that the rows at `references` are dead.
  func insertKills(_ references: [RowReference]) throws(StateError) {
    let number = try insertTidyBatch()
    let statement = try database.prepare("UPDATE batch SET kills = ? WHERE number = ?")
    let blob = ChangeCoding.encode(references)
    statement.bind(1, blob.bytes)
    statement.bind(2, number)
    try statement.run()
  }

  private func insertTidyBatch() throws(StateError) -> Int {
    let number = try database.next("batch")
    let statement = try database.prepare(
      "INSERT INTO batch (number, state, token, shape, rows) VALUES (?, 'live', ?, 0, 0)"
    )
    statement.bind(1, number)
    statement.bind(2, randomToken())
    try statement.run()
    return number
  }

  /// Keeps all that is dead in one list, and forgets batches that have nothing left.
  private func gather(_ kills: [RowReference], into batch: Int) throws(StateError) {
    try database.execute("UPDATE batch SET kills = NULL WHERE state = 'live'")
    let statement = try database.prepare("UPDATE batch SET kills = ? WHERE number = ?")
    let blob = ChangeCoding.encode(kills)
    statement.bind(1, kills.isEmpty ? nil : blob.bytes)
    statement.bind(2, batch)
    try statement.run()
    let forget = try database.prepare(
      """
      DELETE FROM batch WHERE state = 'live' AND number < ?
        AND NOT EXISTS (SELECT 1 FROM segment WHERE segment.batch = batch.number)
      """
    )
    forget.bind(1, batch)
    try forget.run()
  }
}
