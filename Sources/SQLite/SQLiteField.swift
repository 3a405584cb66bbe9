internal import Text
internal import CSQLite
internal import Rows

/// Writes one value of a result as a field of a page.
enum SQLiteField {
  static func append(_ row: OpaquePointer, _ column: Int32, to output: inout ByteBuffer) {
    switch sqlite3_column_type(row, column) {
    case SQLITE_INTEGER:
      output.append(UInt8(ascii: "i"))
      output.append(decimal: sqlite3_column_int64(row, column))
    case SQLITE_FLOAT:
      output.append(UInt8(ascii: "r"))
      append(sqlite3_column_double(row, column), to: &output)
    case SQLITE_TEXT:
      output.append(UInt8(ascii: "t"))
      let text = sqlite3_column_text(row, column)
      let count = Int(sqlite3_column_bytes(row, column))
      CopyText.escape(UnsafeRawBufferPointer(start: text, count: count), into: &output)
    case SQLITE_BLOB:
      output.append(UInt8(ascii: "b"))
      let bytes = sqlite3_column_blob(row, column)
      let count = Int(sqlite3_column_bytes(row, column))
      Hexadecimal.append(UnsafeRawBufferPointer(start: bytes, count: count), to: &output)
    default:
      output.append("\\N")
    }
  }

  private static func append(_ real: Double, to output: inout ByteBuffer) {
    switch real {
    case .infinity: output.append("Infinity")
    case -.infinity: output.append("-Infinity")
    // Swift's description is the shortest text that reads back as the same number.
    default: output.append(real.description)
    }
  }
}
