/// The variables that templates see besides `row` and `previous`, in the order of documentation.
public enum TemplateVariable: String, Sendable, Hashable, CaseIterable {
  /// `added`, `changed` or `removed`.
  case change
  /// Names of the columns that differ from those of `previous`.
  case changedColumns = "changed_columns"
  /// The run's start in ISO 8601.
  case now
  /// Name of the sync.
  case syncName = "sync.name"
  /// Name of the model.
  case modelName = "model.name"
  /// Identity of the run.
  case runID = "run.id"
  /// The run's start in ISO 8601.
  case runStartedAt = "run.started_at"
  /// Identity of the event.
  case eventID = "event.id"

  /// The objects that have a member for each column.
  public static let rowRoots = ["row", "previous"]

  /// The names with which a path can begin, each once, those of rows first.
  public static let roots: [String] = allCases.reduce(into: rowRoots) { roots, variable in
    if !roots.contains(variable.root) { roots.append(variable.root) }
  }

  /// The first part of its path.
  public var root: String { String(rawValue.prefix { $0 != "." }) }

  /// The second part of its path, nil if there is none.
  public var member: String? {
    let rest = rawValue.dropFirst(root.count + 1)
    return rest.isEmpty ? nil : String(rest)
  }

  /// Position in ``allCases``.
  public var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
