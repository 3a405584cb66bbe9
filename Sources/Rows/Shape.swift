/// What the lines of a page hold.
public struct Shape: Sendable, Hashable {
  /// Whose text the fields are.
  public enum Dialect: String, Sendable, Hashable {
    /// Postgres's output functions.
    case postgres
    /// SQLite's storage classes, each field with its letter.
    case sqlite
  }

  /// One column.
  public struct Column: Sendable, Hashable {
    /// Name.
    public var name: String
    /// What its fields mean.
    public var type: ColumnType

    /// Names a column.
    public init(name: String, type: ColumnType) {
      self.name = name
      self.type = type
    }
  }

  /// Whose text the fields are.
  public var dialect: Dialect
  /// The columns, in the model's order, each name once.
  public var columns: [Column]

  /// Describes lines.
  public init(dialect: Dialect, columns: [Column]) {
    self.dialect = dialect
    self.columns = columns
  }

  /// Index of the column `name`.
  public func index(of name: String) -> Int? {
    columns.firstIndex { $0.name == name }
  }

  /// Whether both hold the same columns of the same types, in whatever order.
  public func holdsTheSame(as other: Shape) -> Bool {
    dialect == other.dialect && columns.count == other.columns.count
      && Set(columns) == Set(other.columns)
  }
}

/// What the fields of a column mean, and so which JSON they become.
public struct ColumnType: Sendable, Hashable {
  /// The meaning of one field, or of one element of an array.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// SQLite without a cast: the storage class of each value decides.
    case dynamic
    /// The types that become JSON of their own; `text` is everything else.
    case boolean, integer, numeric, float, text, json, bytes
    /// Date and time, without a zone and with one.
    case timestamp, timestampWithZone
    /// Date.
    case date
  }

  /// The meaning.
  public var kind: Kind
  /// Between the elements of an array (`,`, for `box` `;`); nil if it is not an array.
  public var arrayDelimiter: UInt8?
  /// Whether the user said so in `types:`: then a field that does not fit rejects its row.
  public var isCast: Bool
  /// The database's own name for the type; empty in SQLite.
  public var declared: String

  /// Describes a type.
  public init(
    _ kind: Kind,
    arrayDelimiter: UInt8? = nil,
    isCast: Bool = false,
    declared: String = ""
  ) {
    self.kind = kind
    self.arrayDelimiter = arrayDelimiter
    self.isCast = isCast
    self.declared = declared
  }

  /// Whether values are compared as numbers when the column was retyped.
  public var isNumber: Bool {
    arrayDelimiter == nil && [.integer, .numeric, .float].contains(kind)
  }
}
