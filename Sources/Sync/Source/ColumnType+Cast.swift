public import Rows
public import Settings

extension ColumnType {
  /// The type that the user gave a column whose database calls it `declared`.
  public init(_ cast: CastType, declared: String = "") {
    let kind: Kind =
      switch cast {
      case .integer: .integer
      case .numeric: .numeric
      case .float: .float
      case .boolean: .boolean
      case .text: .text
      case .json: .json
      case .timestamp: .timestamp
      case .date: .date
      case .bytes: .bytes
      }
    self.init(kind, isCast: true, declared: declared)
  }
}
