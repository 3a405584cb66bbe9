public import Values

/// What runs of syncs would do.
public struct PlansReport: CommandReport {
  /// The plans.
  public var syncs: [PlanReport]
  /// Whether messages and values are shown whole to people; programs always get them so.
  public var showsMessages: Bool

  /// Lists `syncs`.
  public init(_ syncs: [PlanReport], showsMessages: Bool) {
    self.syncs = syncs
    self.showsMessages = showsMessages
  }

  /// Without a plan.
  public init() {
    self.init([], showsMessages: false)
  }

  /// The member `syncs`.
  public var members: [(String, Value)] {
    [("syncs", .array(syncs.map(\.json)))]
  }
}
