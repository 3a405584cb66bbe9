/// Where the rooms below tell what they do, step by step: connections, requests, statements.
///
/// It follows the task, so that no room has to pass it on; what works on threads of its own keeps
/// the one it was made under. Nothing costs anything while nobody listens.
public struct Trace: Sendable {
  /// Takes what was done: the room that did it, as in `postgres`, and the step.
  public typealias Listener = @Sendable (_ room: String, _ step: String) -> Void

  /// The trace of the current task; off by default.
  @TaskLocal public static var current = Trace(nil)

  private let listener: Listener?

  /// Creates a trace that `listener` hears; nil for one that is off.
  public init(_ listener: Listener?) {
    self.listener = listener
  }

  /// Whether anybody listens.
  public var isOn: Bool { listener != nil }

  /// Tells of a step, which is put into words only where somebody listens.
  public func callAsFunction(_ room: String, _ step: @autoclosure () -> String) {
    listener?(room, step())
  }
}
