internal import Text
internal import JSON
internal import Rows

extension FieldWriter {
  /// Appends `field` for the inside of a JSON string: a string without its quotes, anything else as
  /// its escaped JSON text, nothing for NULL.
  ///
  /// `scratch` is emptied and used.
  mutating func appendEscaped(
    _ field: UnsafeRawBufferPointer,
    form: FieldForm,
    scratch: inout ByteBuffer,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if field.isNullField { return }
    scratch.removeAll(keepingUpTo: 1 << 20)
    try appendJSON(field, form, to: &scratch)
    if scratch[0] == UInt8(ascii: "\"") {
      // What stands between the quotes is escaped already.
      output.append(scratch.bytes(1..<(scratch.count - 1)))
    } else {
      _ = output.append(escaped: scratch.bytes)
    }
  }
}
