public import Values

/// What `plan` found: plans of runs, or comparisons with a revision of the files.
public struct PlanningReport: CommandReport {
  /// What runs would do.
  public var plans = PlansReport()
  /// What differs under the files of a revision.
  public var comparisons: [ComparisonReport] = []

  /// Nothing is found.
  public init() {}

  /// Plans of runs.
  public init(_ plans: PlansReport) { self.plans = plans }

  /// Comparisons.
  public init(_ comparisons: [ComparisonReport]) { self.comparisons = comparisons }

  /// The members `syncs` and `comparisons`.
  public var members: [(String, Value)] {
    plans.members + [("comparisons", .array(comparisons.map(\.json)))]
  }
}
