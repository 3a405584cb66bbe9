internal import Rows

/// Lines of the snapshot that were read before the batches that need them.
struct LinesAhead {
  private let lines = Page()
  private var shapes: [Int] = []
  /// In order, one for each line.
  private var references: [RowReference] = []

  /// Bytes of lines that are kept, about.
  private static let byteCountMax = 8 << 20

  /// Whether it takes no more lines.
  var isFull: Bool { lines.bytes(of: 0..<lines.count).count >= Self.byteCountMax }

  /// Keeps `line`, which stands after all that are kept.
  mutating func append(
    _ line: UnsafeRawBufferPointer,
    shape: Int,
    at reference: RowReference
  ) {
    lines.append(line)
    shapes.append(shape)
    references.append(reference)
  }

  /// The line at `reference`, valid until lines are next appended, and the number of its shape; nil if
  /// it is not kept.
  func line(at reference: RowReference) -> (bytes: UnsafeRawBufferPointer, shape: Int)? {
    let index = references.partitionIndex { $0 < reference }
    guard index < references.count, references[index] == reference else { return nil }
    return (lines.line(index), shapes[index])
  }
}

extension StateFile {
  /// Keeps the stored lines of `rows`, in the snapshot's order and after those of earlier calls, for
  /// the batches that will ask for them.
  ///
  /// Segments are expanded while the database is still sending, not after it. Keeps about 8 MiB; lines
  /// beyond are read when they are asked for. Throws a ``StateError`` if the file cannot be read.
  public func readAhead(_ rows: [RowReference]) throws(StateError) {
    if rows.isEmpty || linesAhead.isFull { return }
    let numbered = rows.enumerated().map { (number: $0.offset, reference: $0.element) }
    try forEachStoredLine(at: numbered) { index, line, shape in
      linesAhead.append(line, shape: shape, at: rows[index])
    }
  }

  /// Forgets the lines that were read ahead: the rows may stand elsewhere from now on.
  func forgetLinesAhead() { linesAhead = LinesAhead() }
}
