internal import Rows

/// Makes entries of rows that were stored under some shape, for a comparison with a result.
///
/// Counted are the columns that count now and that the stored shape has; numbers that were
/// retyped are compared by value.
final class ShapeHasher {
  /// The same columns, by their place in the result.
  let fieldsOfResult: [RowHasher.Field]
  private var hasher: RowHasher

  /// Fails if the stored shape lacks a column of the key.
  init?(stored: Shape, comparison: StateFile.Comparison, secret: UInt64) {
    guard let key = comparison.keyFields(of: stored) else { return nil }
    var fields: [RowHasher.Field] = []
    var fieldsOfResult: [RowHasher.Field] = []
    for name in comparison.counted {
      guard let old = stored.index(of: name), let new = comparison.shape.index(of: name) else {
        continue
      }
      let types = (stored.columns[old].type, comparison.shape.columns[new].type)
      let asNumber = types.0 != types.1 && types.0.isNumber && types.1.isNumber
      fields.append(RowHasher.Field(index: old, isComparedAsNumber: asNumber))
      fieldsOfResult.append(RowHasher.Field(index: new, isComparedAsNumber: asNumber))
    }
    self.fieldsOfResult = fieldsOfResult
    hasher = RowHasher(seed: secret, fieldCount: stored.columns.count, key: key, counted: fields)
  }

  /// The entry of `line`; nil if it does not fit the shape or its key holds NULL.
  func entry(of line: [UInt8]) -> Entry? {
    line.withUnsafeBytes { entry(of: $0) }
  }

  /// The same of a line that is in a page.
  func entry(of line: UnsafeRawBufferPointer) -> Entry? {
    guard case .entry(let entry) = hasher.hash(line) else { return nil }
    return entry
  }

  /// The entries of all lines; nil if one does not fit the shape.
  func entries(of page: Page) -> [Entry]? {
    var entries: [Entry] = []
    entries.reserveCapacity(page.count)
    var lines = Page.Lines()
    page.exchange(&lines)
    defer { page.exchange(&lines) }
    for index in 0..<lines.count {
      guard case .entry(let entry) = hasher.hash(lines.line(index)) else { return nil }
      entries.append(entry)
    }
    return entries
  }
}
