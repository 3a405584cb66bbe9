public import Values

/// The file in which a plan is pinned.
public struct PinReport: Sendable, Hashable {
  /// Identity of the plan.
  public var plan: String
  /// Path of its file.
  public var file: String
  /// Identity of the run that sends it, as its messages carry it.
  public var run: String
  /// When it was made, in microseconds since 1970.
  public var madeAt: Int
  /// Until when it keeps other runs out, in microseconds since 1970; nil if it does not.
  public var heldUntil: Int?
  /// Messages in it, whatever stops them.
  public var messages: Int

  /// Describes a plan's file.
  public init(plan: String, file: String, run: String, madeAt: Int, messages: Int) {
    self.plan = plan
    self.file = file
    self.run = run
    self.madeAt = madeAt
    self.messages = messages
  }

  /// The object `pinned` of a plan.
  public var json: Value {
    .object([
      ("plan", .string(plan)), ("file", .string(file)), ("run", .string(run)),
      ("made_at", .string(ReportTime.utc(microseconds: madeAt))),
      ("held_until", .optional(heldUntil.map { ReportTime.utc(microseconds: $0) })),
      ("messages", .integer(messages)),
    ])
  }
}
