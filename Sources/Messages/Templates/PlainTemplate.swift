internal import Text
internal import JSON
internal import Liquid

/// A template in JSON mode whose messages are valid whatever the row holds: text and columns.
///
/// Each column is written as JSON, or escaped between quotes. So one look at compile time is enough:
/// where the template is valid JSON with placeholders for the columns, so is every message, and the
/// text between them is compact for all.
enum PlainTemplate {
  /// A piece of the message.
  enum Piece: Equatable {
    /// Compact text.
    case text([UInt8])
    /// A column as JSON.
    case column(Int)
    /// A column between quotes.
    case escapedColumn(Int)
  }

  /// Its pieces; nil if a message has to be checked one by one.
  ///
  /// `columnCount` is how many of the slots are columns of the row: they come first.
  static func pieces(of template: Template, columnCount: Int) -> [Piece]? {
    guard let pieces = template.pieces, let skeleton = skeleton(pieces, columnCount) else {
      return nil
    }
    var compact = ByteBuffer()
    guard (try? JSONScanner().compact(skeleton.bytes, into: &compact)) != nil else { return nil }
    return split(Array(compact.bytes), pieces)
  }

  /// U+10FFFE, which no text means; after a backslash it is not an escape, nor a digit of one.
  private static let mark: [UInt8] = [0xF4, 0x8F, 0xBF, 0xBE]

  /// The template with a placeholder for each column: as a value in an array of its own, which can
  /// stand nowhere but where a value can, and neither touches another nor is a name.
  private static func skeleton(_ pieces: [Template.Piece], _ columnCount: Int) -> ByteBuffer? {
    var output = ByteBuffer()
    for (number, piece) in pieces.enumerated() {
      switch piece {
      case .text(let text):
        if text.contains(mark[0]), contains(mark, in: text) { return nil }
        output.append(text)
      case .slot(let slot, let form):
        guard slot < columnCount else { return nil }
        if form == .json { output.append("[\"") }
        output.append(mark)
        output.append(decimal: number)
        output.append(mark)
        if form == .json { output.append("\"]") }
      }
    }
    return output
  }

  /// Text and columns in turn, from the skeleton.
  private static func split(_ skeleton: [UInt8], _ pieces: [Template.Piece]) -> [Piece]? {
    var output: [Piece] = []
    var rest = skeleton[...]
    while let start = index(of: mark, in: rest) {
      var text = rest[..<start]
      let behind = rest[(start + mark.count)...]
      guard let end = index(of: mark, in: behind),
        let number = Int(String(decoding: behind[..<end], as: UTF8.self)),
        pieces.indices.contains(number), case .slot(let slot, let form) = pieces[number]
      else { return nil }
      rest = behind[(end + mark.count)...]
      if form == .json {
        text = text.dropLast(2)
        rest = rest.dropFirst(2)
      }
      if !text.isEmpty { output.append(.text(Array(text))) }
      output.append(form == .json ? .column(slot) : .escapedColumn(slot))
    }
    if !rest.isEmpty { output.append(.text(Array(rest))) }
    return output
  }

  private static func contains(_ wanted: [UInt8], in text: [UInt8]) -> Bool {
    index(of: wanted, in: text[...]) != nil
  }

  private static func index(of wanted: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    text.indices.first { text[$0...].starts(with: wanted) }
  }
}
