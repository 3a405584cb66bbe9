internal import Text

public import Rows

extension StateFile {
  /// A row of the snapshot.
  public struct StoredRow: Sendable, Hashable {
    /// Its line.
    public var line: [UInt8]
    /// Number of the shape of ``line``.
    public var shape: Int
    /// Where it stands.
    public var reference: RowReference
  }

  /// The row of the snapshot with the key of `line`, a line of a result; nil if there is none.
  ///
  /// Looks through the entries of all segments and expands one of them.
  /// Throws a ``StateError`` if the file cannot be read.
  public func storedRow(
    withKeyOf line: [UInt8],
    _ comparison: Comparison
  ) throws(StateError) -> StoredRow? {
    let shape = comparison.shape
    let secret = try identity().secret
    guard
      let hasher = ShapeHasher(stored: shape, comparison: comparison, secret: secret),
      let entry = hasher.entry(of: line)
    else { return nil }
    // Entries that were made for another comparison may hold other hashes of the same key.
    let isCurrent = try meta().basis == comparison.basis(try number(of: shape))
    let found =
      try isCurrent
      ? references(toKeyOf: entry) : references(toKeyOf: entry, comparison, secret)
    return try alive(found).map(row)
  }

  /// Where the key of `wanted` is, superseded rows included, by the records themselves.
  private func references(
    toKeyOf wanted: Entry,
    _ comparison: Comparison,
    _ secret: UInt64
  ) throws(StateError) -> [RowReference] {
    var found: [RowReference] = []
    let page = Page()
    for segment in try liveSegments() {
      let shape = try shape(try readSegment(segment, into: page))
      guard let hasher = ShapeHasher(stored: shape, comparison: comparison, secret: secret),
        let entries = hasher.entries(of: page)
      else { continue }
      for (slot, entry) in entries.enumerated() where entry.hasKey(of: wanted) {
        found.append(RowReference(segment: segment, slot: UInt32(slot)))
      }
    }
    return found
  }

  /// The segments that hold rows of the snapshot, the latest first.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func liveSegments() throws(StateError) -> [UInt32] {
    let query = try database.prepare(
      """
      SELECT segment.number FROM segment JOIN batch ON batch.number = segment.batch
      WHERE state = 'live' ORDER BY segment.number DESC
      """
    )
    var segments: [UInt32] = []
    while try query.step() { segments.append(UInt32(truncatingIfNeeded: query.integer(0))) }
    return segments
  }

  /// Rows of the snapshot that batches from number `first` on brought, `countMax` at most.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func liveRows(from first: Int, countMax: Int) throws(StateError) -> [StoredRow] {
    // Batches that only rewrite what others brought count no rows of their own.
    let query = try database.prepare(
      """
      SELECT segment.number FROM segment JOIN batch ON batch.number = segment.batch
      WHERE state = 'live' AND batch.rows > 0 AND batch.number >= ? ORDER BY segment.number
      """
    )
    query.bind(1, first)
    let superseded = try supersededRows()
    var rows: [StoredRow] = []
    let page = Page()
    while rows.count < countMax, try query.step() {
      let number = UInt32(truncatingIfNeeded: query.integer(0))
      let shape = try readSegment(number, into: page)
      for slot in 0..<page.count where rows.count < countMax {
        let reference = RowReference(segment: number, slot: UInt32(slot))
        if superseded.contains(reference) { continue }
        rows.append(StoredRow(line: Array(page.line(slot)), shape: shape, reference: reference))
      }
    }
    return rows
  }

  /// Fills `page` with the lines of `segment` and returns the number of their shape.
  ///
  /// Superseded rows are among them. Throws a ``StateError`` if the file cannot be read.
  public func lines(of segment: UInt32, into page: Page) throws(StateError) -> Int {
    try readSegment(segment, into: page)
  }

  /// The rows of live segments that are no longer part of the snapshot.
  ///
  /// Throws a ``StateError`` if the file cannot be written.
  public func supersededRows() throws(StateError) -> Set<RowReference> {
    let query = try database.prepare(
      "SELECT kills FROM batch WHERE state = 'live' AND kills IS NOT NULL"
    )
    var rows: Set<RowReference> = []
    while try query.step() { ChangeCoding.forEachKill(query.bytes(0)) { rows.insert($0) } }
    return rows
  }

  /// The one of `references` that is part of the snapshot; nil if all are superseded.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func storedRow(among references: [RowReference]) throws(StateError) -> StoredRow? {
    try alive(references).map(row)
  }

  /// Where the key of `wanted` stands, superseded rows included.
  private func references(toKeyOf wanted: Entry) throws(StateError) -> [RowReference] {
    let query = try database.prepare(
      """
      SELECT segment.number, entries FROM segment JOIN batch ON batch.number = segment.batch
      WHERE state = 'live'
      """
    )
    var found: [RowReference] = []
    while try query.step() {
      let entries = query.bytes(1)
      for slot in 0..<(entries.count / MemoryLayout<Entry>.stride) {
        let offset = slot * MemoryLayout<Entry>.stride
        let entry = entries.loadUnaligned(fromByteOffset: offset, as: Entry.self)
        guard entry.hasKey(of: wanted) else { continue }
        let segment = UInt32(truncatingIfNeeded: query.integer(0))
        found.append(RowReference(segment: segment, slot: UInt32(slot)))
      }
    }
    return found
  }

  /// The one of `references` that no later batch superseded.
  private func alive(_ references: [RowReference]) throws(StateError) -> RowReference? {
    if references.isEmpty { return nil }
    var alive = Set(references)
    alive.subtract(try supersededRows())
    return alive.first
  }

  /// The row at `reference`, superseded or not.
  func row(_ reference: RowReference) throws(StateError) -> StoredRow {
    let page = Page()
    let shape = try readSegment(reference.segment, into: page)
    guard Int(reference.slot) < page.count else {
      throw database.damage("segment \(reference.segment) is shorter than its entries")
    }
    return StoredRow(
      line: Array(page.line(Int(reference.slot))),
      shape: shape,
      reference: reference
    )
  }
}
