/// A key that is the row's own: no other row can have it, because it tells the primary key.
///
/// A null value erases what is under its key, so it may only be sent under such a key. What is
/// recognised is less than what would be right: anything else may belong to two rows.
public struct RowKey: Sendable, Hashable {
  /// How the columns of the primary key are told apart.
  public enum Form: Sendable, Hashable {
    /// `{primary_key: true}`, or `{column: …}` of the only column.
    case primaryKey
    /// Constants around one variable a column.
    case text
    /// JSON that holds each column as a member of its own.
    case json
  }

  /// A part of a key that is made of text.
  public enum Piece: Sendable, Hashable {
    /// The same in every key.
    case constant(String)
    /// A column as it is.
    case column(String)
  }

  /// How the columns are told apart.
  public let form: Form
  /// Constants and columns in turn.
  public let pieces: [Piece]

  /// Reads `value`; nil if it may be the key of two rows, whatever the types of the columns are.
  public init?(_ value: ValueForm, primaryKey: [String]) {
    switch value {
    case .primaryKey:
      form = .primaryKey
      pieces = primaryKey.map(Piece.column)
    case .column(let name):
      form = .primaryKey
      pieces = [.column(name)]
    case .variable(let name):
      guard let column = RowKeyText.column(name, of: "row") else { return nil }
      form = .text
      pieces = [.column(column)]
    case .template(let text), .templateFile(let text, _):
      guard let read = RowKeyText.template(text) else { return nil }
      (form, pieces) = read
    case .jmespath(let text):
      guard let read = RowKeyText.expression(text) else { return nil }
      form = .json
      pieces = read
    case .text, .literal, .eventID: return nil
    }
    guard columns.count == primaryKey.count, Set(columns) == Set(primaryKey) else { return nil }
    if form == .text, separators.contains(where: { Self.isHeldByEverything($0) }) { return nil }
  }

  /// The columns, in the order of the key.
  public var columns: [String] {
    pieces.compactMap { piece in
      if case .column(let name) = piece { return name }
      return nil
    }
  }

  /// Columns that the constants around them cannot be told from, by what their text may hold.
  ///
  /// `mayHold` tells whether the text of a column may hold a character.
  public func ambiguousColumns(_ mayHold: (String, Character) -> Bool) -> [String] {
    if form != .text { return [] }
    var found: [String] = []
    for (index, separator) in separators.enumerated() {
      let isTold = separator.contains { character in
        !mayHold(columns[index], character) && !mayHold(columns[index + 1], character)
      }
      if !isTold { found += [columns[index], columns[index + 1]] }
    }
    return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The constants between one column and the next.
  private var separators: [String] {
    var separators: [String] = []
    var text: String?
    for piece in pieces {
      switch piece {
      case .constant(let constant): text? += constant
      case .column:
        if let text { separators.append(text) }
        text = ""
      }
    }
    return separators
  }

  /// Whether the text of any type might hold all of it, integers included.
  private static func isHeldByEverything(_ separator: String) -> Bool {
    separator.allSatisfy { $0 == "-" || ("0"..."9").contains($0) }
  }
}
