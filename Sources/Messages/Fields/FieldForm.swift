internal import Rows

/// How the fields of one column are written, decided once a run.
///
/// Holds nothing but bits, so that copying it in the loops costs nothing.
enum FieldForm: Hashable {
  /// Postgres: `t` or `f`.
  case boolean
  /// Postgres: digits.
  case integer
  /// Postgres: digits, or NaN and the infinities.
  case number
  /// Postgres: anything, as a string.
  case text
  /// Postgres: JSON.
  case json
  /// Postgres: `\x` and hexadecimal digits.
  case bytes
  /// Postgres: date and time; with a zone the offset of UTC.
  case timestamp
  /// Postgres: date.
  case date
  /// Postgres: an array of elements of one kind.
  case array(ColumnType.Kind, delimiter: UInt8)
  /// SQLite: the storage class decides.
  case dynamic
  /// What the user said the column is, from SQLite or (without storage class) from Postgres.
  case cast(ColumnType.Kind, hasStorageClass: Bool)

  init(_ type: ColumnType, _ dialect: Shape.Dialect) {
    if type.isCast {
      self = .cast(type.kind, hasStorageClass: dialect == .sqlite)
    } else if let delimiter = type.arrayDelimiter {
      self = .array(type.kind, delimiter: delimiter)
    } else {
      self = dialect == .sqlite ? .dynamic : FieldForm(postgres: type.kind)
    }
  }

  init(postgres kind: ColumnType.Kind) {
    self =
      switch kind {
      case .boolean: .boolean
      case .integer: .integer
      case .numeric, .float: .number
      case .json: .json
      case .bytes: .bytes
      case .timestamp, .timestampWithZone: .timestamp
      case .date: .date
      case .text, .dynamic: .text
      }
  }

  /// Whether what is written of it is JSON that somebody else wrote.
  var holdsJSON: Bool {
    switch self {
    case .json, .cast(.json, _), .array(.json, _): true
    case .boolean, .integer, .number, .text, .bytes, .timestamp, .date, .array, .dynamic, .cast:
      false
    }
  }

  /// Whether `field` would be written as a plain string.
  func isText(_ field: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .text, .cast(.text, _): true
    case .dynamic: field.first == UInt8(ascii: "t")
    default: false
    }
  }
}
