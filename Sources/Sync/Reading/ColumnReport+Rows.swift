internal import Messages
internal import Reports
internal import Rows

extension ColumnReport {
  /// The columns of a row, with their types.
  static func columns(of line: [UInt8], _ shape: Shape) -> [ColumnReport] {
    RowText.typedColumns(of: line, shape).map {
      ColumnReport(name: $0.name, type: $0.type, valueText: $0.json)
    }
  }
}
