internal import Settings
internal import State

extension RemovalGrace {
  /// Whether a row counts as removed at `now`, in microseconds since 1970.
  ///
  /// One result never is enough for a duration: nobody knows when the row left before it.
  func isOver(_ absence: Absence, at now: Int) -> Bool {
    switch self {
    case .results(let count): absence.results >= count
    case .time(let time): absence.results > 1 && .microseconds(now - absence.since) >= time
    }
  }
}
