public import Text

extension Page {
  /// The lines of a page.
  ///
  /// A loop over the rows takes them out of their page and puts them back after it: each access
  /// through a stored property of a class costs a check.
  public struct Lines: ~Copyable, Sendable {
    /// The lines, one after the other.
    public var bytes: ByteBuffer
    /// For each line the offset after its line feed.
    public var ends: [Int] = []

    /// No lines, and room for `capacity` bytes.
    public init(capacity: Int = 0) {
      bytes = ByteBuffer(capacity: capacity)
    }

    /// How many lines there are.
    @inlinable public var count: Int { ends.count }

    /// Line `index` without its line feed, valid until the lines are next changed.
    @inlinable public func line(_ index: Int) -> UnsafeRawBufferPointer {
      bytes.bytes((index == 0 ? 0 : ends[index - 1])..<(ends[index] - 1))
    }

    /// Ends the line that was just written to ``bytes``.
    @inlinable public mutating func endLine() {
      bytes.append(UInt8(ascii: "\n"))
      ends.append(bytes.count)
    }

    /// Appends a copy of `line`, which has no line feed.
    @inlinable public mutating func append(_ line: UnsafeRawBufferPointer) {
      bytes.append(line)
      endLine()
    }

    /// Drops the lines and keeps the memory (up to 4 MiB).
    public mutating func removeAll() {
      bytes.removeAll(keepingUpTo: 4 << 20)
      ends.removeAll(keepingCapacity: true)
    }
  }
}
