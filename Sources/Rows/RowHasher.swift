internal import Text
internal import CXXHash

/// Turns lines into entries.
///
/// Key and fingerprint are XXH3 hashes (128 and 64 bits), seeded with the state's secret. The key is
/// hashed by value (see ``KeyField``), its columns joined by tabs; the fingerprint is that of the
/// escaped fields joined by tabs: a tab inside a field is escaped, so different fields never join
/// to the same bytes. XXH3 is not a cryptographic hash: see `docs/architecture.md`, "Limits".
public struct RowHasher: ~Copyable {
  /// A field of the fingerprint.
  public struct Field: Sendable, Hashable {
    /// Index in the line.
    public var index: Int
    /// Whether 1, 1.0 and 1.00 are one: for a column that was retyped between numbers.
    public var isComparedAsNumber: Bool

    /// Names a field.
    public init(index: Int, isComparedAsNumber: Bool = false) {
      self.index = index
      self.isComparedAsNumber = isComparedAsNumber
    }
  }

  private let seed: UInt64
  private let key: [KeyField]
  /// The columns of the key if they are neighbours and their text is their value.
  private let plainColumns: ClosedRange<Int>?
  private let counted: [Field]
  /// Neighbours among the fields that count; empty if one of them is compared as a number.
  private let runs: [Range<Int>]
  private let fieldsNeeded: Int?
  private var fields: FieldTable
  private var scratch = ByteBuffer()

  /// Prepares for lines of `fieldCount` fields; the indexes of `key` and `counted` are below it.
  public init(seed: UInt64, fieldCount: Int, key: [KeyField], counted: [Field]) {
    self.seed = seed
    self.key = key
    self.counted = counted
    let isOneRun = zip(key, key.dropFirst()).allSatisfy { $0.index + 1 == $1.index }
    let isPlain = isOneRun && key.allSatisfy { $0.form == .text }
    plainColumns =
      isPlain ? key.first.flatMap { first in key.last.map { first.index...$0.index } } : nil
    runs = Self.runs(of: counted)
    // The last run goes to the end of the line without a look at its fields.
    let isTail = runs.last?.upperBound == fieldCount
    let others = isTail ? runs.dropLast().map(\.upperBound) : []
    let keyEnd = (key.map(\.index).max() ?? 0) + 1
    fieldsNeeded =
      isTail ? max(keyEnd, others.max() ?? 0, runs.last?.lowerBound ?? 0) : nil
    fields = FieldTable(count: fieldCount)
  }

  /// What became of a line.
  public enum Result: Sendable {
    /// Its entry.
    case entry(Entry)
    /// A column of the key is NULL.
    case keyIsNull
    /// The line has another number of fields than its shape.
    case malformed
  }

  /// Hashes one line.
  public mutating func hash(_ line: UnsafeRawBufferPointer) -> Result {
    guard fields.split(line, count: fieldsNeeded) else { return .malformed }
    for field in key where fields[field.index].isNullField { return .keyIsNull }
    let key = keyHash()
    return .entry(
      Entry(keyLow: key.low, keyHigh: key.high, fingerprint: fingerprint(of: line))
    )
  }

  /// The key of the line that was hashed last, valid as long as the line; nil unless its bytes are its
  /// value, so that other bytes are another key.
  public var plainKey: UnsafeRawBufferPointer? {
    @inline(__always) get {
      if let plainColumns { return fields[plainColumns] }
      return key.count == 1 ? key[0].plainValue(fields[key[0].index]) : nil
    }
  }

  private mutating func keyHash() -> sluice_hash128_value {
    if let plainKey { return sluice_hash128(plainKey.baseAddress, plainKey.count, seed) }
    scratch.removeAll()
    for field in key {
      field.append(fields[field.index], to: &scratch)
      scratch.append(UInt8(ascii: "\t"))
    }
    // Without the last tab, so that a key hashes alike wherever its columns are.
    return sluice_hash128(scratch.bytes.baseAddress, scratch.count - 1, seed)
  }

  private mutating func fingerprint(of line: UnsafeRawBufferPointer) -> UInt64 {
    if runs.count == 1 {
      let bytes = fields.joined(runs[0])
      return sluice_hash64(bytes.baseAddress, bytes.count, seed)
    }
    scratch.removeAll()
    if runs.isEmpty { appendFields() } else { appendRuns() }
    return sluice_hash64(scratch.bytes.baseAddress, scratch.count, seed)
  }

  private mutating func appendRuns() {
    for (position, run) in runs.enumerated() {
      if position > 0 { scratch.append(UInt8(ascii: "\t")) }
      scratch.append(fields.joined(run))
    }
  }

  private mutating func appendFields() {
    for (position, field) in counted.enumerated() {
      if position > 0 { scratch.append(UInt8(ascii: "\t")) }
      if field.isComparedAsNumber {
        CanonicalNumber.append(fields[field.index], to: &scratch)
      } else {
        scratch.append(fields[field.index])
      }
    }
  }

  private static func runs(of counted: [Field]) -> [Range<Int>] {
    if counted.contains(where: \.isComparedAsNumber) { return [] }
    var runs: [Range<Int>] = []
    for field in counted {
      if let last = runs.last, last.upperBound == field.index {
        runs[runs.count - 1] = last.lowerBound..<(field.index + 1)
      } else {
        runs.append(field.index..<(field.index + 1))
      }
    }
    return runs
  }
}
