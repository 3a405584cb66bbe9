internal import Rows

/// What tells whether two snapshots of a state hold the same rows, wherever those lie in the file.
///
/// The sum of a hash over key and fingerprint of each row, so their order does not matter.
public struct SnapshotDigest: Sendable, Hashable {
  /// What the fingerprints were made for; digests of another one cannot be compared.
  public var basis: String?
  /// How many rows there are.
  public var rows = 0
  /// High half of the sum.
  public var high: UInt64 = 0
  /// Low half of the sum.
  public var low: UInt64 = 0

  /// A digest of no row.
  public init(basis: String?) {
    self.basis = basis
  }

  fileprivate mutating func add(_ entry: Entry) {
    rows += 1
    let hash = withUnsafeBytes(of: entry) { Hashing.hash128($0, seed: 0) }
    high &+= hash.high
    low &+= hash.low
  }
}

extension SnapshotDigest {
  /// Basis excepted, one line of text.
  public var text: String { "\(rows) \(high) \(low)" }

  /// Reads what ``text`` wrote; nil if it is something else.
  public init?(text: String, basis: String?) {
    let parts = text.split(separator: " ")
    guard parts.count == 3, let rows = Int(parts[0]), let high = UInt64(parts[1]),
      let low = UInt64(parts[2])
    else { return nil }
    self.init(basis: basis)
    (self.rows, self.high, self.low) = (rows, high, low)
  }
}

extension StateFile {
  /// What the rows of the snapshot amount to.
  ///
  /// Loads their entries. Throws a ``StateError`` if the file cannot be read.
  public func snapshotDigest() throws(StateError) -> SnapshotDigest {
    digest(of: try loadEntries(), basis: try meta().basis)
  }

  /// The same of a snapshot that was loaded for `comparison` of results of shape `shapeNumber`.
  public nonisolated func digest(
    of snapshot: Snapshot,
    for comparison: Comparison,
    shapeNumber: Int
  ) -> SnapshotDigest {
    digest(of: snapshot, basis: comparison.basis(shapeNumber))
  }

  private nonisolated func digest(of snapshot: Snapshot, basis: String?) -> SnapshotDigest {
    var digest = SnapshotDigest(basis: basis)
    for index in 0..<snapshot.entries.count
    where snapshot.entries[flags: index] & EntryStore.Flags.dead == 0 {
      digest.add(snapshot.entries[index])
    }
    return digest
  }
}
