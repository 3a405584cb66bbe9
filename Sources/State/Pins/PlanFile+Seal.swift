internal import Rows

/// What tells whether a plan is as it was written.
extension PlanFile {
  /// Where ``seal()`` is among what is said of the plan.
  static let sealName = "seal"

  /// Throws if what is said of the plan is not what was written.
  func checkSeal() throws(StateError) {
    if try meta()[Self.sealName] != seal() {
      throw damage("what the plan says of itself is not what was written")
    }
  }

  /// Throws if what belongs to a batch is not what was written.
  ///
  /// Reads the whole plan once.
  func checkBatches() throws(StateError) {
    let batches = try database.prepare(
      "SELECT number, changes, superseded, messages, checksum FROM batch ORDER BY number"
    )
    while try batches.step() {
      var checksum = PlanChecksum()
      let segments = try database.prepare(
        "SELECT entries, records FROM segment WHERE batch = ? ORDER BY number"
      )
      segments.bind(1, batches.integer(0))
      while try segments.step() { checksum.add(segment: segments, from: 0) }
      checksum.add(batch: batches, from: 1)
      if checksum.text != batches.text(4) { throw damage(batch: batches.integer(0)) }
    }
  }

  /// The error for a batch that is not what was written.
  func damage(batch: Int) -> StateError {
    damage("batch \(batch) of the plan is not what was written")
  }

  /// A checksum over all that no batch has in its own.
  ///
  /// It notices what a disk or an editor did to a file; it is not a signature.
  func seal() throws(StateError) -> String {
    var checksum = PlanChecksum()
    for query in [
      "SELECT name, value FROM meta WHERE name != '\(Self.sealName)' ORDER BY name",
      "SELECT number, columns FROM shape ORDER BY number",
      "SELECT hex(key), since, results FROM absence ORDER BY key",
      "SELECT number, batch, shape, rows, columns FROM segment ORDER BY number",
      """
      SELECT number, hex(token), shape, is_backfill, is_retry, rows, changes IS NULL, checksum
      FROM batch ORDER BY number
      """,
    ] {
      let rows = try database.prepare(query)
      while try rows.step() {
        for column in 0..<rows.columnCount { checksum.add(text: rows.text(column) ?? "") }
      }
    }
    return checksum.text
  }
}

/// Tells whether what belongs to a batch of a plan, or is said of the plan, is as it was written.
struct PlanChecksum {
  private var high: UInt64 = 0
  private var low: UInt64 = 0

  /// Takes in the next part.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let hash = Hashing.hash128(bytes, seed: low)
    high = high &* 31 &+ hash.high
    low = low &* 31 &+ hash.low
  }

  /// Takes in a segment: entries and records, in the columns of `row` from `first` on.
  mutating func add(segment row: StateStatement, from first: Int) {
    add(row.bytes(first))
    add(row.bytes(first + 1))
  }

  /// Takes in a batch after its segments: changes, if it has some, entries that they supersede, and
  /// messages, in the columns of `row` from `first` on.
  mutating func add(batch row: StateStatement, from first: Int) {
    if !row.isNull(first) { add(row.bytes(first)) }
    add(row.bytes(first + 1))
    add(row.bytes(first + 2))
  }

  /// Takes in the next text.
  mutating func add(text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  /// As the file has it.
  var text: String { "\(high) \(low)" }
}
