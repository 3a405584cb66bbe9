internal import Liquid
internal import Settings

/// Where a template is written, to tell what is wrong with it at its own place.
struct TemplateOrigin {
  /// Its text.
  let source: String
  /// Its path, or a word for one that is written in YAML.
  let name: String
  /// Whether it is a file of its own.
  let isFile: Bool
  /// Where its text begins, or where its file is named.
  let location: SourceLocation?
  /// Where the characters of templates in YAML stand, and the paths of partials.
  let places: TemplatePlaces

  /// The place of an error; nil if nobody knows where the text came from.
  func place(of error: LiquidError) -> SourceLocation? {
    if error.template != name {
      guard let partial = places.partials[error.template] else { return nil }
      return SourceLocation(file: partial, line: error.line, column: error.column)
    }
    if isFile { return SourceLocation(file: name, line: error.line, column: error.column) }
    return location.flatMap { places.place(of: error.character(in: source), at: $0) }
  }

  /// Why a row is rejected on which the template fails.
  func rejection(_ error: LiquidError) -> Rejection {
    if let place = place(of: error) { return Rejection("\(place): \(error.message)") }
    let isOwn = error.template == name && !isFile
    let subject = isOwn ? "the template" : "template \(error.template)"
    let start = location.map { "\($0): " } ?? ""
    let position = "line \(error.line), column \(error.column)"
    return Rejection("\(start)\(subject), \(position): \(error.message)")
  }

  /// Says that what it gives is not JSON, and which template it is.
  var invalidJSON: String {
    let start = isFile ? name : location?.description
    return "\(start.map { "\($0): " } ?? "")the template gives no valid JSON"
  }
}

extension ComposerError {
  /// The errors of the template of `origin`, each at its own place.
  init(_ error: LiquidError, in origin: TemplateOrigin) {
    let first = ComposerError(alone: error, in: origin)
    let others = error.others.map { ComposerError(alone: $0, in: origin) }
    self = ComposerError(all: [first] + others) ?? first
  }

  private init(alone error: LiquidError, in origin: TemplateOrigin) {
    let place = origin.place(of: error)
    let position = "line \(error.line), column \(error.column) of the template"
    self.init(
      place == nil ? "\(error.message) (\(position))" : error.message,
      at: place ?? origin.location,
      hint: error.hint,
      line: (error.sourceLine, error.column - 1)
    )
  }
}

extension LiquidError {
  /// How many characters of `source` stand before the place.
  fileprivate func character(in source: String) -> Int {
    var left = line - 1
    var count = 0
    for scalar in source.unicodeScalars {
      if left == 0 { break }
      if scalar == "\n" { left -= 1 }
      count += 1
    }
    return count + column - 1
  }
}
