internal import Text
internal import Rows

extension StateFile {
  /// The lines of `batch` as they are stored.
  ///
  /// A row that is absorbed keeps the primary key's columns as they were sent: they may be written
  /// another way by now, and its removal must reach the key of its last message.
  func linesToStore(of batch: ChangeBatch, shape number: Int) throws(StateError) -> Page {
    let absorbed = batch.changes.indices.filter { batch.changes[$0].kind == .absorbed }
    if absorbed.isEmpty { return batch.rows }
    let shape = try shape(number)
    let key = try meta().primaryKey
    let sent = try sentKeys(of: absorbed, in: batch, key, shape.dialect)
    let indexes = key.map { shape.index(of: $0) }
    let output = Page()
    var fields = FieldTable(count: shape.columns.count)
    var text = ByteBuffer()
    var line = 0
    for (position, change) in batch.changes.enumerated() where change.kind != .removed {
      let row = batch.rows.line(line)
      line += 1
      guard let values = sent[position], fields.split(row) else {
        output.append(row)
        continue
      }
      text.removeAll()
      for index in 0..<fields.count {
        if index > 0 { text.append(UInt8(ascii: "\t")) }
        if let position = indexes.firstIndex(of: index) {
          text.append(values[position])
        } else {
          text.append(fields[index])
        }
      }
      output.append(text.bytes)
    }
    return output
  }

  /// The key's fields of the stored rows that the changes at `positions` supersede.
  private func sentKeys(
    of positions: [Int],
    in batch: ChangeBatch,
    _ key: [String],
    _ dialect: Shape.Dialect
  ) throws(StateError) -> [Int: [[UInt8]]] {
    var sent: [Int: [[UInt8]]] = [:]
    try forEachStoredLine(of: batch.changes, at: positions) {
      (position, line, number) throws(StateError) in
      let shape = try self.shape(number)
      var fields = FieldTable(count: shape.columns.count)
      let indexes = key.compactMap { shape.index(of: $0) }
      guard shape.dialect == dialect, indexes.count == key.count, fields.split(line) else { return }
      sent[position] = indexes.map { Array(fields[$0]) }
    }
    return sent
  }
}
