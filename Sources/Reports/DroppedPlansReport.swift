public import Values

/// Plans that were dropped.
public struct DroppedPlansReport: CommandReport {
  /// A plan that is not going to be applied.
  public struct Dropped: Sendable, Hashable {
    /// Identity of the plan.
    public var plan: String
    /// Its sync.
    public var sync: String
    /// The file that is deleted.
    public var file: String
    /// Whether it kept other runs out until now.
    public var wasHolding: Bool

    /// Describes a plan.
    public init(plan: String, sync: String, file: String, wasHolding: Bool) {
      self.plan = plan
      self.sync = sync
      self.file = file
      self.wasHolding = wasHolding
    }

    /// The entry of a list `dropped`.
    public var json: Value {
      .object([
        ("plan", .string(plan)), ("sync", .string(sync)), ("file", .string(file)),
        ("was_holding", .bool(wasHolding)),
      ])
    }
  }

  /// The plans.
  public var dropped: [Dropped]

  /// Lists `dropped`.
  public init(_ dropped: [Dropped]) {
    self.dropped = dropped
  }

  /// Without a plan.
  public init() {
    self.init([])
  }

  /// The member `dropped`.
  public var members: [(String, Value)] { [("dropped", .array(dropped.map(\.json)))] }
}
