internal import Text
internal import Rows

extension StateFile {
  /// Compares the staged removals with the staged additions by the columns that count, the primary
  /// key left out.
  ///
  /// Of the `removed` rows some `comparedMax` are compared, see ``RekeyedSearch``; a row that is
  /// stored under other columns is compared by those that both have. Without a column besides the
  /// key nothing is compared. Reads every staged batch once. Throws a ``StateError`` if the
  /// file cannot be read.
  public func rekeyedRows(
    _ comparison: Comparison,
    removed: Int,
    comparedMax: Int,
    examplesMax: Int
  ) throws(StateError) -> RekeyedRows {
    var search = RekeyedSearch(removed: removed, comparedMax: comparedMax)
    var contents = ContentHashers(comparison: comparison, secret: try identity().secret)
    var found: [(RowReference, [UInt8])] = []
    // Removals have the lower numbers.
    for number in try batches(.staged) {
      let batch = try read(number)
      if batch.isRemoving {
        try remove(batch, with: &contents, from: &search)
      } else {
        add(batch, with: contents, to: &search) { reference, line in
          if found.count < examplesMax { found.append((reference, Array(line))) }
        }
      }
    }
    var rows = RekeyedRows()
    rows.compared = search.compared
    rows.returned = search.returned
    for (reference, line) in found { rows.examples.append((try row(reference), line)) }
    return rows
  }

  private func remove(
    _ batch: DeliverableBatch,
    with contents: inout ContentHashers,
    from search: inout RekeyedSearch
  ) throws(StateError) {
    let all = Array(batch.changes.indices)
    try forEachStoredLine(of: batch.changes, at: all) {
      (position, line, number) throws(StateError) in
      guard let reference = batch.changes[position].old else { return }
      let shape = try shape(number)
      guard let hash = contents.hash(line, stored: number, shape) else { return }
      search.remove(hash, reference)
    }
  }

  private func add(
    _ batch: DeliverableBatch,
    with contents: ContentHashers,
    to search: inout RekeyedSearch,
    found: (RowReference, UnsafeRawBufferPointer) -> Void
  ) {
    var index = 0
    for change in batch.changes where change.kind != .removed {
      defer { index += 1 }
      guard change.kind == .added else { continue }
      let line = batch.rows.line(index)
      for hash in contents.hashes(line) {
        if let reference = search.add(hash) { found(reference, line) }
      }
    }
  }
}

/// Hashes rows by the columns that count, for every shape that removed rows are stored in.
private struct ContentHashers {
  let comparison: StateFile.Comparison
  let secret: UInt64
  private var stored: [Int: ShapeHasher] = [:]
  /// The same columns in a line of the result, once for each choice of columns.
  private var results: [[RowHasher.Field]: HasherBox] = [:]

  init(comparison: StateFile.Comparison, secret: UInt64) {
    self.comparison = comparison
    self.secret = secret
  }

  /// The hash of a stored line of the shape with `number`; nil if nothing of it can be compared.
  mutating func hash(
    _ line: UnsafeRawBufferPointer,
    stored number: Int,
    _ shape: @autoclosure () throws(StateError) -> Shape
  ) rethrows -> UInt64? {
    if stored[number] == nil { prepare(number, try shape()) }
    guard let hasher = stored[number], !hasher.fieldsOfResult.isEmpty else { return nil }
    return hasher.entry(of: line)?.fingerprint
  }

  /// The hashes of a line of the result.
  func hashes(_ line: UnsafeRawBufferPointer) -> [UInt64] {
    results.values.compactMap { box in
      guard case .entry(let entry) = box.hasher.hash(line) else { return nil }
      return entry.fingerprint
    }
  }

  private mutating func prepare(_ number: Int, _ shape: Shape) {
    guard
      let hasher = ShapeHasher(stored: shape, comparison: comparison, secret: secret)
    else { return }
    stored[number] = hasher
    let fields = hasher.fieldsOfResult
    guard !fields.isEmpty, results[fields] == nil,
      let key = comparison.keyFields(of: comparison.shape)
    else { return }
    results[fields] = HasherBox(
      RowHasher(
        seed: secret,
        fieldCount: comparison.shape.columns.count,
        key: key,
        counted: fields
      )
    )
  }
}
