private import Synchronization

/// The secrets that a command knows, so that they can be left out where an error is made.
///
/// It follows the task. An error is stored and shown in many places: it is made once.
public final class KnownSecrets: Sendable {
  /// The secrets of the current task; none by default.
  @TaskLocal public static var current = KnownSecrets()

  private let redaction = Mutex(Redaction([]))

  /// Knows no secret yet.
  public init() {}

  /// Hides these from now on, in place of those before.
  public func learn(_ secrets: [Secret]) {
    let new = Redaction(secrets)
    redaction.withLock { $0 = new }
  }

  /// `text` without any secret or piece of one.
  public func hidden(in text: String) -> String {
    redaction.withLock { $0 }.apply(to: text)
  }
}
