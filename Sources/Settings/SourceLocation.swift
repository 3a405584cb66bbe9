/// A place in a user's file.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
  /// Path as it is shown: relative to the project where it lies inside.
  public let file: String
  /// Line, from 1.
  public let line: Int
  /// Column in characters, from 1.
  public let column: Int

  /// Names a place.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`, as compilers write it.
  public var description: String { "\(file):\(line):\(column)" }
}

/// A value and the place in a user's file where it was written.
public struct Located<Value: Sendable>: Sendable {
  /// The value.
  public let value: Value
  /// Where it was written, nil for a default.
  public let location: SourceLocation?

  /// Joins a value with its place.
  public init(_ value: Value, at location: SourceLocation? = nil) {
    self.value = value
    self.location = location
  }
}
