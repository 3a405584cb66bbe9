internal import Text
internal import JSON
internal import Values

public import Rows

/// Finds the rows whose primary keys a person wrote.
///
/// Keeps scratch memory; used by one owner at a time.
public struct KeyMatcher: ~Copyable {
  private let primaryKey: [String]
  private let wanted: WantedKeys
  private var fields = FieldTable(count: 0)
  private var writer = FieldWriter()
  private var text = ByteBuffer()
  private var columns = ByteBuffer()

  /// Prepares for `key`: columns separated by commas, or a JSON array with a value a column.
  public init(key: String, primaryKey: [String]) {
    self.init(keys: [key], primaryKey: primaryKey)
  }

  /// Prepares for `keys`, each written as a single one is.
  public init(keys: [String], primaryKey: [String]) {
    self.primaryKey = primaryKey
    wanted = WantedKeys(keys, columnCount: primaryKey.count)
  }

  /// Whether `line` is one of the rows.
  public mutating func matches(_ line: UnsafeRawBufferPointer, _ shape: Shape) -> Bool {
    index(of: line, shape) != nil
  }

  /// Index of the key that `line` has; nil if it has none of them.
  public mutating func index(of line: UnsafeRawBufferPointer, _ shape: Shape) -> Int? {
    if fields.count != shape.columns.count { fields = FieldTable(count: shape.columns.count) }
    guard fields.split(line) else { return nil }
    text.removeAll()
    columns.removeAll()
    for (position, name) in primaryKey.enumerated() {
      guard let index = shape.index(of: name), !fields[index].isNullField else { return nil }
      if position > 0 { text.append(UInt8(ascii: ",")) }
      let start = text.count
      let form = FieldForm(shape.columns[index].type, shape.dialect)
      do throws(Rejection) {
        try writer.appendText(fields[index], form, to: &text)
      } catch {
        text.truncate(to: start)
        text.append(fields[index])
      }
      if !wanted.separated.isEmpty {
        if position > 0 { columns.append(0) }
        columns.append(text.bytes(start..<text.count))
      }
    }
    if let only = wanted.only { return text.bytes.elementsEqual(only) ? 0 : nil }
    if !wanted.separated.isEmpty, let index = wanted.separated[Array(columns.bytes)] {
      return index
    }
    return wanted.joined[Array(text.bytes)]
  }
}

/// The keys that a ``KeyMatcher`` looks for, as they can be written.
private struct WantedKeys {
  /// Whole keys, columns separated by commas, as ``KeyText`` writes them, with their indexes.
  var joined: [[UInt8]: Int] = [:]
  /// Those that were written as a JSON array, columns separated by NUL.
  var separated: [[UInt8]: Int] = [:]
  /// The key if there is only one: then nothing is hashed, and nothing allocated a row.
  var only: [UInt8]?

  // Not inlined: in the optimized program Swift 6.3 releases `keys` twice where it is made for this
  // call alone and a struct that cannot be copied is being initialized.
  @inline(never)
  init(_ keys: [String], columnCount: Int) {
    for (index, key) in keys.enumerated() {
      let whole = Array(key.utf8)
      if joined[whole] == nil { joined[whole] = index }
      guard let columns = Self.columns(of: key, count: columnCount) else { continue }
      if separated[columns] == nil { separated[columns] = index }
    }
    if keys.count == 1, separated.isEmpty { only = keys.first.map { Array($0.utf8) } }
  }

  private static func columns(of key: String, count: Int) -> [UInt8]? {
    guard key.hasPrefix("["), case .array(let items)? = try? JSONParser().parse(key),
      items.count == count
    else { return nil }
    let texts = items.map { item in
      if case .string(let text) = item { return Array(text.utf8) }
      var output = ByteBuffer()
      output.append(json: item)
      return Array(output.bytes)
    }
    return Array(texts.joined(separator: [0]))
  }
}
