public import Values

/// What runs of syncs would do.
public struct PlansReport: CommandReport {
  /// The plans.
  public var syncs: [PlanReport]
  /// Whether messages and values are shown whole to people; programs always get them so.
  public var showsMessages: Bool
  /// Comparisons with a revision of the files, instead of plans.
  public var comparisons: [ComparisonReport] = []

  /// Lists `syncs`.
  public init(_ syncs: [PlanReport], showsMessages: Bool) {
    self.syncs = syncs
    self.showsMessages = showsMessages
  }

  /// Lists `comparisons`.
  public init(comparisons: [ComparisonReport]) {
    self.init()
    self.comparisons = comparisons
  }

  /// Without a plan.
  public init() {
    self.init([], showsMessages: false)
  }

  /// The members `syncs` and `comparisons`.
  public var members: [(String, Value)] {
    [
      ("syncs", .array(syncs.map(\.json))), ("comparisons", .array(comparisons.map(\.json))),
    ]
  }
}
