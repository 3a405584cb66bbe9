/// A growing run of bytes that one owner at a time appends to.
///
/// The hot loops write into it: appending is a bounds check and a copy. Memory is kept when the
/// buffer is emptied, so that a reused buffer allocates nothing.
public struct ByteBuffer: ~Copyable {
  @usableFromInline internal var end = 0
  @usableFromInline internal var capacity: Int
  @usableFromInline internal var base: UnsafeMutableRawPointer

  /// Creates an empty buffer with room for `capacity` bytes.
  public init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit {
    base.deallocate()
  }

  /// How many bytes it holds.
  @inlinable public var count: Int { end }

  /// The bytes, valid until the buffer is next changed or destroyed.
  @inlinable public var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base, count: count)
  }

  /// The bytes of `range`, valid until the buffer is next changed or destroyed.
  @inlinable public func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// Reads or writes the byte at `index`.
  @inlinable public subscript(index: Int) -> UInt8 {
    get {
      precondition(index >= 0 && index < count)
      return base.load(fromByteOffset: index, as: UInt8.self)
    }
    set {
      precondition(index >= 0 && index < count)
      base.storeBytes(of: newValue, toByteOffset: index, as: UInt8.self)
    }
  }

  /// Appends one byte.
  @inlinable public mutating func append(_ byte: UInt8) {
    if end == capacity { grow(by: 1) }
    base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    end += 1
  }

  /// Appends a copy of `bytes`, which must not lie in this buffer.
  @inlinable public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    if capacity - count < bytes.count { grow(by: bytes.count) }
    (base + count).copyBytes(from: source, count: bytes.count)
    end += bytes.count
  }

  /// Appends a copy of `bytes`, which must not lie in this buffer, between two `byte`s.
  @inlinable public mutating func append(_ bytes: UnsafeRawBufferPointer, between byte: UInt8) {
    reserve(bytes.count + 2)
    let place = base + end
    place.storeBytes(of: byte, as: UInt8.self)
    if let source = bytes.baseAddress { (place + 1).copyBytes(from: source, count: bytes.count) }
    place.storeBytes(of: byte, toByteOffset: bytes.count + 1, as: UInt8.self)
    end += bytes.count + 2
  }

  /// Appends a copy of `bytes`.
  @inlinable public mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// Appends a literal.
  @inlinable public mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends the UTF-8 of `text`; not the first choice, or a literal would be made a String first.
  @_disfavoredOverload public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends the UTF-8 of `text`.
  @_disfavoredOverload public mutating func append(_ text: Substring) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends `value` in decimal.
  public mutating func append(decimal value: some FixedWidthInteger) {
    if value == 0 { return append(UInt8(ascii: "0")) }
    if value < 0 { append(UInt8(ascii: "-")) }
    var magnitude = UInt64(value.magnitude)
    withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
      var first = 20
      while magnitude > 0 {
        let (rest, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
        first -= 1
        digits[first] = UInt8(truncatingIfNeeded: 48 + digit)
        magnitude = rest
      }
      append(UnsafeRawBufferPointer(rebasing: digits[first...]))
    }
  }

  /// Lets `body` write up to `capacity` bytes behind the end.
  ///
  /// The count that `body` returns, at most `capacity`, is kept.
  /// Throws what `body` throws; nothing is kept then.
  @inlinable public mutating func append<Failure: Error>(
    upTo capacity: Int,
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) {
    if self.capacity - count < capacity { grow(by: capacity) }
    let written = try body(UnsafeMutableRawBufferPointer(start: base + count, count: capacity))
    precondition(written >= 0 && written <= capacity)
    end += written
  }

  /// Makes room for `additional` more bytes.
  @inlinable public mutating func reserve(_ additional: Int) {
    if capacity - count < additional { grow(by: additional) }
  }

  /// Drops everything from `count` on.
  @inlinable public mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count)
    end = count
  }

  /// Drops everything and keeps the memory.
  @inlinable public mutating func removeAll() {
    end = 0
  }

  /// Drops everything, and the memory too where there is more than `limit` bytes of it.
  public mutating func removeAll(keepingUpTo limit: Int) {
    end = 0
    guard capacity > limit else { return }
    base.deallocate()
    capacity = max(limit, 16)
    base = .allocate(byteCount: capacity, alignment: 16)
  }

  /// A copy of the bytes as text; what is not UTF-8 is replaced by U+FFFD.
  public var text: String {
    String(decoding: bytes, as: UTF8.self)
  }

  @inline(never) @usableFromInline
  internal mutating func grow(by additional: Int) {
    let wanted = max(capacity * 2, count + additional)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
    moved.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = moved
    capacity = wanted
  }
}

// One owner at a time: the type is not copyable, so its owner is the only one.
extension ByteBuffer: @unchecked Sendable {}
