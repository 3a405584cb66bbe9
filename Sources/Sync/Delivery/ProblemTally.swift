internal import Synchronization

public import Reports

/// Counts the rows of a run that are not delivered, by reason; from any thread.
public final class ProblemTally: Sendable {
  /// Most reasons that are told apart; rows with any other are counted together.
  static let reasonsMax = 1000

  private struct Subject: Hashable {
    var kind: ProblemKind
    var reason: String
  }

  private struct State {
    var indexes: [Subject: Int] = [:]
    var groups: [ProblemGroup] = []
  }

  private let state = Mutex(State())

  /// Nothing counted.
  public init() {}

  /// The groups, most rows first; of equals the one that was met first.
  public var groups: [ProblemGroup] {
    let groups = state.withLock { $0.groups }
    return groups.enumerated().sorted { left, right in
      (right.element.rows, left.offset) < (left.element.rows, right.offset)
    }.map(\.element)
  }

  /// Counts `rows` more with `reason`; `first` gives the key of the first one.
  func add(
    _ kind: ProblemKind,
    _ reason: String,
    rows: Int = 1,
    first: () -> String?
  ) {
    state.withLock { state in
      let index = Self.index(of: Subject(kind: kind, reason: reason), in: &state, first)
      state.groups[index].rows += rows
    }
  }

  /// Makes `rows` the count of `reason`, of which only the first were added.
  func set(_ kind: ProblemKind, _ reason: String, rows: Int) {
    if rows == 0 { return }
    state.withLock { state in
      let index = Self.index(of: Subject(kind: kind, reason: reason), in: &state) { nil }
      state.groups[index].rows = rows
    }
  }

  private static func index(
    of subject: Subject,
    in state: inout State,
    _ first: () -> String?
  ) -> Int {
    var subject = subject
    if state.indexes[subject] == nil, state.groups.count >= reasonsMax {
      subject.reason = "other reasons"
    }
    if let known = state.indexes[subject] { return known }
    let group = ProblemGroup(kind: subject.kind, reason: subject.reason, rows: 0, first: first())
    state.groups.append(group)
    state.indexes[subject] = state.groups.count - 1
    return state.groups.count - 1
  }
}
