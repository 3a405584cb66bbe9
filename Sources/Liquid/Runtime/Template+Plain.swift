extension Template {
  /// A piece of a template that is nothing but text and slots.
  public enum Piece: Sendable, Equatable {
    /// Text of the source.
    case text([UInt8])
    /// A slot of the schema, in the form that its place asks for.
    case slot(Int, SlotForm)
  }

  /// The template piece by piece, where it is nothing but text and slots of the schema.
  ///
  /// Nil if there is more to it: tags, filters, other variables. Writing the pieces one after
  /// the other is rendering it, except for the limits.
  public var pieces: [Piece]? {
    let isJSON = library.options.mode == .json
    var place = JSONPlace.outside
    var pieces: [Piece] = []
    for instruction in program.tables.instructions {
      switch instruction {
      case .text(let start, let count, let transitions):
        pieces.append(.text(Array(program.source.bytes[Int(start)..<Int(start) + Int(count)])))
        place = JSONPlace.apply(transitions, to: place)
      case .slot(let slot) where !isJSON: pieces.append(.slot(Int(slot), .text))
      case .slot(let slot) where place == JSONPlace.outside: pieces.append(.slot(Int(slot), .json))
      case .slot(let slot) where place == JSONPlace.inside:
        pieces.append(.slot(Int(slot), .escaped))
      default: return nil
      }
    }
    return pieces
  }
}
