internal import Bytes
internal import CXXHash

/// Turns lines into entries.
///
/// Key and fingerprint are XXH3 hashes (128 and 64 bits), seeded with the state's secret, of the
/// escaped fields joined by tabs: a tab inside a field is escaped, so different fields never join
/// to the same bytes. XXH3 is no cryptographic hash: see `docs/architecture.md`, "Limits".
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
  private let key: [Int]
  private let keyIsOneRun: Bool
  private let counted: [Field]
  private let countsWholeLine: Bool
  private let fieldsNeeded: Int?
  private var fields: FieldTable
  private var scratch = ByteBuffer()

  /// Prepares for lines of `fieldCount` fields; `key` and `counted` are indexes into them.
  public init(seed: UInt64, fieldCount: Int, key: [Int], counted: [Field]) {
    self.seed = seed
    self.key = key
    self.counted = counted
    keyIsOneRun = zip(key, key.dropFirst()).allSatisfy { $0 + 1 == $1 }
    countsWholeLine =
      counted.map(\.index) == Array(0..<fieldCount)
      && !counted.contains(where: \.isComparedAsNumber)
    fieldsNeeded = countsWholeLine ? (key.max() ?? 0) + 1 : nil
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
    for index in key where fields[index].isNullField { return .keyIsNull }
    let key = keyHash()
    return .entry(
      Entry(keyLow: key.low, keyHigh: key.high, fingerprint: fingerprint(of: line))
    )
  }

  private mutating func keyHash() -> sluice_hash128_value {
    if keyIsOneRun, let first = key.first, let last = key.last {
      let bytes = fields[first...last]
      return sluice_hash128(bytes.baseAddress, bytes.count, seed)
    }
    scratch.removeAll()
    for index in key {
      scratch.append(fields[index])
      scratch.append(UInt8(ascii: "\t"))
    }
    // Without the last tab, so that a key hashes alike wherever its columns stand.
    return sluice_hash128(scratch.bytes.baseAddress, scratch.count - 1, seed)
  }

  private mutating func fingerprint(of line: UnsafeRawBufferPointer) -> UInt64 {
    if countsWholeLine { return sluice_hash64(line.baseAddress, line.count, seed) }
    scratch.removeAll()
    for (position, field) in counted.enumerated() {
      if position > 0 { scratch.append(UInt8(ascii: "\t")) }
      if field.isComparedAsNumber {
        CanonicalNumber.append(fields[field.index], to: &scratch)
      } else {
        scratch.append(fields[field.index])
      }
    }
    return sluice_hash64(scratch.bytes.baseAddress, scratch.count, seed)
  }
}
