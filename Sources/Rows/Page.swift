internal import Text

/// Records that a source hands over at once: COPY text lines in one contiguous buffer.
///
/// A line holds the fields of one row, separated by tabs, NULL as `\N`, with tab, line feed,
/// carriage return and backslash escaped as in Postgres's `COPY … TO STDOUT` in text format; every
/// line ends with a line feed. In pages from SQLite each field that is not NULL begins with its
/// storage class: `i`, `r`, `t` or `b` (bytes in hexadecimal).
///
/// Handed over from owner to owner, never shared.
public final class Page {
  var lines: Lines

  /// Creates an empty page.
  public convenience init() { self.init(Lines(capacity: 1 << 18)) }

  /// Creates a page of `lines`.
  public init(_ lines: consuming Lines) { self.lines = lines }

  /// How many lines it holds.
  public var count: Int { lines.count }

  /// Bytes of its lines with their line feeds.
  public var byteCount: Int { lines.bytes.count }

  /// Line `index` without its line feed, valid until the page is next changed.
  public func line(_ index: Int) -> UnsafeRawBufferPointer { lines.line(index) }

  /// Lines `range` with their line feeds, valid until the page is next changed.
  public func bytes(of range: Range<Int>) -> UnsafeRawBufferPointer {
    let start = range.lowerBound == 0 ? 0 : lines.ends[range.lowerBound - 1]
    let end = range.isEmpty ? start : lines.ends[range.upperBound - 1]
    return lines.bytes.bytes(start..<end)
  }

  /// Appends a copy of `line`, which has no line feed.
  public func append(_ line: UnsafeRawBufferPointer) { lines.append(line) }

  /// Drops the lines and keeps the memory (up to 4 MiB).
  public func removeAll() { lines.removeAll() }

  /// Gives its lines for others: how a loop takes them out, and puts them back after it.
  public func exchange(_ lines: inout Lines) { swap(&self.lines, &lines) }
}

// Handed over, never shared: queues and pools keep one owner at a time.
extension Page: @unchecked Sendable {}
