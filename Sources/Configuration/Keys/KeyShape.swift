import Settings

/// What may stand under a key.
indirect enum KeyShape: Sendable {
  /// `true` or `false`, also as a text.
  case boolean
  /// A whole number, also as a text.
  case integer(ClosedRange<Int>)
  /// A number above a bound, also as a text.
  case number(above: Int)
  /// A text that is not empty.
  case string
  /// Any scalar but null.
  case text
  /// One of these texts.
  case choice([String])
  /// A text of a form that a regular expression says.
  case form(String)
  /// Nothing.
  case null
  /// Anything.
  case any
  /// A list with at least so many items.
  case list(KeyShape, countMin: Int)
  /// A map whose keys the user names, at least so many.
  case map(KeyShape, countMin: Int = 0)
  /// A map with these keys.
  case table(KeyTable)
  /// A map with exactly one of these keys.
  case one(of: KeyTable)
  /// One of several kinds of maps.
  case variants(KeyVariants)
  /// One of these.
  case either([KeyShape])
  /// A member of a body, which may nest.
  case member

  /// One of an enum's texts.
  static func choice<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type) -> KeyShape
  where Choice.RawValue == String { .choice(Choice.allCases.map(\.rawValue)) }

  /// One text, or a list of at least one.
  static let strings = KeyShape.either([.string, .list(.string, countMin: 1)])

  /// A duration such as `30s`.
  static let duration = KeyShape.form(DurationText.form)

  /// A percentage such as `1.5%`.
  static let percent = KeyShape.form("[0-9]*\\.?[0-9]*([eE][-+]?[0-9]+)?%")
}
