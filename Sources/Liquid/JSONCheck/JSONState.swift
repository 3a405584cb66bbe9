/// Where in a JSON text the output of a template may be, as far as that is known before any row.
///
/// What is not known is one of several states at once; a level that is not known may be an array,
/// an object or the text itself.
struct JSONState {
  /// What an opening bracket began.
  enum Container {
    case array
    case object
    case unknown
  }

  /// A container that is not closed yet, and where its bracket is.
  struct Level {
    var container: Container
    var place: TemplatePlace
  }

  enum Position: Hashable {
    /// A value must come.
    case value
    /// A value must come, directly after the colon.
    case memberValue
    /// A value or the closing bracket.
    case valueOrEnd
    case name
    case nameOrEnd
    case colon
    /// A comma or the closing bracket.
    case end
    /// After a value that the text behind it may continue: a number.
    case open
    /// After anything; letters and digits may continue it.
    case token
    /// So many letters of `true`, `false` or `null`, by its first letter, are read.
    case word(UInt8, Int)
    /// In a string, at a ``JSONPlace``.
    case string(isName: Bool, UInt8)
  }

  var levels: [Level] = []
  var position = Position.value
  /// Where the string begins, inside of one.
  var start = TemplatePlace(source: 0, offset: 0)

  /// What holds the output now; nil outside of everything.
  var container: Container? { levels.last?.container }
}

/// A place in one of the sources of a template, in bytes.
struct TemplatePlace: Hashable, Comparable {
  var source: Int
  var offset: Int

  static func < (left: TemplatePlace, right: TemplatePlace) -> Bool {
    (left.source, left.offset) < (right.source, right.offset)
  }
}

// Places are only told: they do not make another state.
extension JSONState: Hashable {
  static func == (left: JSONState, right: JSONState) -> Bool {
    left.position == right.position && left.levels.count == right.levels.count
      && zip(left.levels, right.levels).allSatisfy { $0.container == $1.container }
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(position)
    for level in levels { hasher.combine(level.container) }
  }
}

extension JSONState {
  /// Everything that can be outside of strings.
  static let outsideStrings: Set<JSONState> = {
    let positions: [Position] = [
      .value, .memberValue, .valueOrEnd, .name, .nameOrEnd, .colon, .end, .open,
    ]
    return Set(positions.map(unknown))
  }()

  /// Everything that can be.
  static let anything: Set<JSONState> = {
    let places = UInt8(1)...6
    let strings = places.flatMap { place in
      [true, false].map { unknown(.string(isName: $0, place)) }
    }
    return outsideStrings.union(strings).union([unknown(.token)])
  }()

  private static func unknown(_ position: Position) -> JSONState {
    let start = TemplatePlace(source: 0, offset: 0)
    return JSONState(levels: [Level(container: .unknown, place: start)], position: position)
  }
}
