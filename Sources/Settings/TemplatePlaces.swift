/// Where in the files of a project the templates of a sync are written.
///
/// What is wrong with a template may show only when the columns of its model are known; then it is
/// still told at its own place.
public struct TemplatePlaces: Sendable {
  /// Of each template in YAML, by the location of its text, the place of each of its characters.
  private var characters: [SourceLocation: [SourceLocation]] = [:]
  /// Paths of the partials by name, as they are shown.
  public var partials: [String: String] = [:]

  /// Knows no places.
  public init() {}

  /// Remembers where the characters of the template at `location` stand.
  public mutating func add(_ places: [SourceLocation], of location: SourceLocation) {
    characters[location] = places
  }

  /// The place of a character, counted in Unicode scalars; nil if it is not known.
  public func place(of character: Int, at location: SourceLocation) -> SourceLocation? {
    guard let places = characters[location], places.indices.contains(character) else { return nil }
    return places[character]
  }
}
