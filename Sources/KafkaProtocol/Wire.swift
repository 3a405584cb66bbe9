/// Writes the primitive types of Kafka's protocol.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func int8(_ value: Int8) { bytes.append(UInt8(bitPattern: value)) }
  mutating func bool(_ value: Bool) { bytes.append(value ? 1 : 0) }
  mutating func int16(_ value: Int16) { integer(UInt16(bitPattern: value)) }
  mutating func int32(_ value: Int32) { integer(UInt32(bitPattern: value)) }
  mutating func int64(_ value: Int64) { integer(UInt64(bitPattern: value)) }

  mutating func string(_ text: String) {
    int16(Int16(clamping: text.utf8.count))
    bytes += text.utf8.prefix(Int(Int16.max))
  }

  /// A string of a flexible version.
  mutating func compactString(_ text: String) {
    var count = text.utf8.count + 1
    while count >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: count) | 0x80)
      count >>= 7
    }
    bytes.append(UInt8(count))
    bytes += text.utf8
  }

  mutating func data(_ data: [UInt8]) {
    int32(Int32(clamping: data.count))
    bytes += data
  }

  private mutating func integer(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
  }
}

/// Reads the primitive types of Kafka's protocol; whatever does not fit is an error.
struct WireReader {
  private let bytes: [UInt8]
  private var next = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func bool() throws(LoginError) -> Bool { try take(1)[0] != 0 }
  mutating func int16() throws(LoginError) -> Int16 { Int16(truncatingIfNeeded: try integer(2)) }
  mutating func int32() throws(LoginError) -> Int32 { Int32(truncatingIfNeeded: try integer(4)) }
  mutating func int64() throws(LoginError) -> Int64 { Int64(bitPattern: try integer(8)) }

  /// A string with a 16-bit length; nil for a negative one.
  mutating func string() throws(LoginError) -> String? {
    let count = Int(try int16())
    return count < 0 ? nil : String(decoding: try take(count), as: UTF8.self)
  }

  /// Bytes with a 32-bit length; empty for a negative one.
  mutating func data() throws(LoginError) -> [UInt8] {
    Array(try take(max(Int(try int32()), 0)))
  }

  /// The length of an array, which cannot have more elements than bytes are left.
  mutating func count() throws(LoginError) -> Int { try bounded(Int(try int32())) }

  /// A string with a variable length (flexible versions).
  mutating func compactString() throws(LoginError) -> String? {
    let count = try varint()
    return count == 0 ? nil : String(decoding: try take(count - 1), as: UTF8.self)
  }

  /// The length of an array of a flexible version.
  mutating func compactCount() throws(LoginError) -> Int { try bounded(try varint() - 1) }

  /// Sixteen bytes.
  mutating func uuid() throws(LoginError) -> [UInt8] { Array(try take(16)) }

  mutating func skip(_ count: Int) throws(LoginError) { _ = try take(count) }

  /// Passes over the tagged fields at the end of a structure.
  mutating func skipTags() throws(LoginError) {
    for _ in 0..<(try bounded(try varint())) {
      _ = try varint()
      try skip(try varint())
    }
  }

  /// The tagged fields at the end of a structure, by number.
  mutating func tags() throws(LoginError) -> [Int: WireReader] {
    var tags: [Int: WireReader] = [:]
    for _ in 0..<(try bounded(try varint())) {
      let number = try varint()
      tags[number] = WireReader(try take(try varint()))
    }
    return tags
  }

  private mutating func varint() throws(LoginError) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      let byte = Int(try take(1)[0])
      value |= (byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw Self.damaged
  }

  private mutating func integer(_ count: Int) throws(LoginError) -> UInt64 {
    try take(count).reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func bounded(_ count: Int) throws(LoginError) -> Int {
    guard count <= bytes.count - next else { throw Self.damaged }
    return max(count, 0)
  }

  private mutating func take(_ count: Int) throws(LoginError) -> [UInt8] {
    guard count >= 0, count <= bytes.count - next else { throw Self.damaged }
    defer { next += count }
    return Array(bytes[next..<next + count])
  }

  private static let damaged = LoginError(.protocolViolation, "the broker's answer cannot be read")
}
