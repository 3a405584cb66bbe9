internal import Rows

/// Lines of the snapshot that were read before the batches that need them.
struct LinesAhead {
  private let lines = Page()
  private var shapes: [Int] = []
  /// In order, one for each line.
  private var references: [RowReference] = []
  private var byteCount = 0

  /// Bytes of lines that are kept, about.
  private static let byteCountMax = 8 << 20

  /// Whether it takes no more lines.
  var isFull: Bool { byteCount >= Self.byteCountMax }

  /// Keeps `line`, which stands after all that are kept.
  mutating func append(
    _ line: UnsafeRawBufferPointer,
    shape: Int,
    at reference: RowReference
  ) {
    lines.append(line)
    shapes.append(shape)
    references.append(reference)
    byteCount += line.count
  }

  /// The index of the line at `reference`; nil if it is not kept.
  func index(of reference: RowReference) -> Int? {
    var (low, high) = (0, references.count)
    while low < high {
      let middle = (low + high) / 2
      if references[middle] < reference { low = middle + 1 } else { high = middle }
    }
    return low < references.count && references[low] == reference ? low : nil
  }

  /// The line at `index`, valid until lines are next appended.
  func line(_ index: Int) -> UnsafeRawBufferPointer { lines.line(index) }

  /// The number of the shape of the line at `index`.
  func shape(_ index: Int) -> Int { shapes[index] }
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
