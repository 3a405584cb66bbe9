public import Values

/// A text made for people or shells: help, a script of completions.
public struct TextReport: CommandReport {
  /// The text, nil if there is none.
  public var text: String?

  /// Reports `text`.
  public init(_ text: String?) {
    self.text = text
  }

  /// Without a text.
  public init() {
    self.init(nil)
  }

  /// The members of the document.
  public var members: [(String, Value)] { [("text", .optional(text))] }
}
