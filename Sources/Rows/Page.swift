public import Text

/// Records that a source hands over at once: COPY text lines in one contiguous buffer.
///
/// A line holds the fields of one row, separated by tabs, NULL as `\N`, with tab, line feed,
/// carriage return and backslash escaped as in Postgres's `COPY … TO STDOUT` in text format; every
/// line ends with a line feed. In pages from SQLite each field that is not NULL begins with its
/// storage class: `i`, `r`, `t` or `b` (bytes in hexadecimal).
///
/// Handed over from owner to owner, never shared.
public final class Page {
  /// The lines.
  public var bytes = ByteBuffer(capacity: 1 << 18)
  /// For each line the offset behind its line feed.
  public var ends: [Int] = []

  /// Creates an empty page.
  public init() {}

  /// How many lines it holds.
  @inlinable public var count: Int { ends.count }

  /// Line `index` without its line feed, valid until the page is next changed.
  @inlinable public func line(_ index: Int) -> UnsafeRawBufferPointer {
    bytes.bytes((index == 0 ? 0 : ends[index - 1])..<(ends[index] - 1))
  }

  /// Ends the line that was just written to ``bytes``.
  @inlinable public func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    ends.append(bytes.count)
  }

  /// Appends a copy of `line`, which has no line feed.
  @inlinable public func append(_ line: UnsafeRawBufferPointer) {
    bytes.append(line)
    endLine()
  }

  /// Drops the lines and keeps the memory (up to 4 MiB).
  public func removeAll() {
    bytes.removeAll(keepingUpTo: 4 << 20)
    ends.removeAll(keepingCapacity: true)
  }

  /// Finds the lines again after ``bytes`` was filled with whole lines at once.
  public func findLines() {
    ends.removeAll(keepingCapacity: true)
    let bytes = bytes.bytes
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
      ends.append(index + 1)
    }
  }
}

// Handed over, never shared: queues and pools keep one owner at a time.
extension Page: @unchecked Sendable {}
