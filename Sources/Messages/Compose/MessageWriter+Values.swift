internal import Text
internal import Rows
internal import Values

/// The texts of keys, topics, partitions and headers.
extension MessageWriter {
  /// Appends the text of a value; false if it is NULL.
  ///
  /// A row of an older shape can do without a column in a header, nowhere else.
  static func appendText(
    _ value: ValuePlan,
    place: String?,
    scope: RecordScope?,
    fields: borrowing FieldTable,
    writer: inout FieldWriter,
    to output: inout ByteBuffer
  ) throws(Rejection) -> Bool {
    switch value {
    case .constant(let text, _):
      guard let text else { return false }
      output.append(text)
      return true
    case .column(let index, let form, let name):
      let field = fields[index]
      if field.isNullField { return false }
      do throws(Rejection) {
        try writer.appendText(field, form, to: &output)
      } catch {
        throw error.of("column '\(name)'")
      }
      return true
    case .columns(let columns):
      try appendArray(columns, fields: fields, writer: &writer, to: &output)
      return true
    case .missing(let name):
      if place == "header" { return false }
      throw Rejection("its row was stored before the model had the column '\(name)'")
    case .template(let template):
      if let scope { try template.render(scope, into: &output) }
      return true
    case .expression(let expression):
      guard let scope else { return false }
      let headers = try headers(of: expression, scope, fields: fields, writer: &writer)
      return try expression.value(scope, headers: headers).appendText(to: &output)
    case .eventID: return false
    }
  }

  /// Appends a JSON array of columns.
  private static func appendArray(
    _ columns: [ColumnPlan],
    fields: borrowing FieldTable,
    writer: inout FieldWriter,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    for (position, column) in columns.enumerated() {
      output.append(UInt8(ascii: position == 0 ? "[" : ","))
      do throws(Rejection) {
        try writer.appendJSON(fields[column.index], column.form, to: &output)
      } catch {
        throw error.of("column '\(column.name)'")
      }
    }
    output.append(UInt8(ascii: "]"))
  }

  /// The headers that an expression reads, by name.
  static func headers(
    of expression: ExpressionPlan,
    _ scope: RecordScope,
    fields: borrowing FieldTable,
    writer: inout FieldWriter
  ) throws(Rejection) -> [(String, Value)] {
    var headers: [(String, Value)] = []
    for header in expression.headers {
      var text = ByteBuffer()
      if try appendText(
        header.value,
        place: "header",
        scope: scope,
        fields: fields,
        writer: &writer,
        to: &text
      ) {
        headers.append((header.name, .string(text.text)))
      }
    }
    return headers
  }
}
