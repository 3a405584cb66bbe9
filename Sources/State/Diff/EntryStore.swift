internal import Rows

/// The entries of a snapshot, and of the rows that this run added, in fixed chunks.
///
/// Growing never moves an entry. 25 bytes a row.
struct EntryStore: ~Copyable {
  /// What a run knows of one entry, as bits.
  struct Flags {
    /// Superseded or removed: no longer part of the snapshot.
    static let dead: UInt8 = 1
    /// Met in this run's result.
    static let seen: UInt8 = 2
    /// Met with other values, and so in one of this run's batches.
    static let changed: UInt8 = 4
  }

  private static let chunkBits = 16
  private static let chunkSize = 1 << chunkBits

  private var chunks: [UnsafeMutablePointer<Entry>] = []
  private var flagChunks: [UnsafeMutablePointer<UInt8>] = []
  private(set) var count = 0

  deinit {
    for chunk in chunks { chunk.deallocate() }
    for chunk in flagChunks { chunk.deallocate() }
  }

  subscript(index: Int) -> Entry {
    precondition(index < count)
    return chunks[index >> Self.chunkBits][index & (Self.chunkSize - 1)]
  }

  subscript(flags index: Int) -> UInt8 {
    get {
      precondition(index < count)
      return flagChunks[index >> Self.chunkBits][index & (Self.chunkSize - 1)]
    }
    nonmutating set {
      precondition(index < count)
      flagChunks[index >> Self.chunkBits][index & (Self.chunkSize - 1)] = newValue
    }
  }

  mutating func append(_ entry: Entry, flags: UInt8) {
    if count >> Self.chunkBits == chunks.count { addChunk() }
    chunks[count >> Self.chunkBits][count & (Self.chunkSize - 1)] = entry
    flagChunks[count >> Self.chunkBits][count & (Self.chunkSize - 1)] = flags
    count += 1
  }

  /// Appends the entries of a segment as the state file holds them.
  mutating func append(contentsOf blob: UnsafeRawBufferPointer) {
    for index in 0..<(blob.count / MemoryLayout<Entry>.stride) {
      let offset = index * MemoryLayout<Entry>.stride
      append(blob.loadUnaligned(fromByteOffset: offset, as: Entry.self), flags: 0)
    }
  }

  private mutating func addChunk() {
    chunks.append(.allocate(capacity: Self.chunkSize))
    flagChunks.append(.allocate(capacity: Self.chunkSize))
  }
}
