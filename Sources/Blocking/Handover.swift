import Synchronization

/// A box in which a value that is not Sendable waits for its next owner.
///
/// Such a value goes from task to task by `sending`, which the compiler checks. It cannot see that
/// for a value that lies in an array, a queue or an actor meanwhile: there the box takes its place.
/// Who takes the value out owns it; for the next hand-over there is another box.
public final class Handover<Value>: Sendable {
  private let content: Mutex<Value?>

  /// Gives up `value` to the one who takes it out.
  public init(_ value: sending Value) {
    content = Mutex(value)
  }

  /// Takes the value out; nil if that was done before.
  public func take() -> sending Value? {
    content.withLock { content in
      let value = content
      content = nil
      return value
    }
  }
}
