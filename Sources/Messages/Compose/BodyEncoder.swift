public import Rows
public import Text

/// Makes bodies in another format than JSON, of all columns of a row.
///
/// What it has to ask for, the number of a schema in a registry for example, it asks for once a shape
/// in ``prepare(_:)``; composing never waits. Key, headers, topic and partition are made as ever.
public protocol BodyEncoder: Sendable {
  /// Value of the system header `content-type`.
  var contentType: String { get }

  /// Makes ready for rows of `shape`: those of the result, and those of the snapshot that removals
  /// show.
  ///
  /// Throws a ``ComposerError`` if the format cannot hold such rows.
  func prepare(_ shape: Shape) async throws(ComposerError) -> any RowEncoder
}

/// Writes the bodies of the rows of one shape.
public protocol RowEncoder: Sendable {
  /// Appends the body of the row with these fields, in COPY text as their source writes them.
  ///
  /// Throws a ``Rejection`` if this row cannot be written; the caller drops what was appended.
  func append(_ fields: borrowing FieldTable, to bytes: inout ByteBuffer) throws(Rejection)
}
