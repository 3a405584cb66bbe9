/// A text that is never shown: printing it gives three asterisks.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The text itself, for the one place that needs it.
  public let exposed: String

  /// Wraps `text`.
  public init(_ text: String) {
    exposed = text
  }

  /// Three asterisks.
  public var description: String { "***" }
  /// Three asterisks.
  public var debugDescription: String { "***" }
  /// Nothing: reflection does not show the text either.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
