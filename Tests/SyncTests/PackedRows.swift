import Messages
import Rows
import Text

/// A format for tests: the columns one after the other, each as its length and its COPY text.
struct PackedRows: BodyEncoder {
  struct Row: RowEncoder {
    let shape: Shape

    func append(_ fields: borrowing FieldTable, to bytes: inout ByteBuffer) throws(Rejection) {
      for index in 0..<fields.count {
        let field = fields[index]
        guard field.count < 100 else { throw Rejection("a field is too long to be packed") }
        bytes.append(UInt8(truncatingIfNeeded: field.count))
        bytes.append(field)
      }
    }
  }

  let contentType = "application/x-packed"

  func prepare(_ shape: Shape) async throws(ComposerError) -> any RowEncoder {
    await Task.yield()
    return Row(shape: shape)
  }

  /// The columns of a packed row, without their storage class.
  static func columns(of bytes: [UInt8]) -> [String] {
    var columns: [String] = []
    var rest = bytes[...]
    while let count = rest.popFirst() {
      let field = rest.prefix(Int(count))
      columns.append(String(decoding: field.dropFirst(), as: UTF8.self))
      rest = rest.dropFirst(Int(count))
    }
    return columns
  }
}
