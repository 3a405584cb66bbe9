internal import Messages

/// How far a batch is on its way, at least once: what is sent next, and when it is settled.
///
/// First the rows' own messages; what is refused of them is narrowed down. Then the null values for
/// the places that rows leave. Decides only; the delivery sends.
struct BatchCourse {
  /// What is to be done with the batch now.
  enum Step: Hashable {
    /// These messages are sent.
    case send(RefusalSearch<Int>.Round)
    /// Nothing until the next report, or until messages of others are settled.
    case wait
    /// The rows' own messages are settled.
    case ownSettled
    /// Every message is settled.
    case settled
  }

  private enum Stage { case own, nullValues, settled }

  private var stage = Stage.own
  private var search = RefusalSearch<Int>()
  /// What was sent last and is not reported yet.
  private var underWay: RefusalSearch<Int>.Round?

  /// Begins with the rows' own messages; without any the batch is settled.
  init(_ own: [Int]?) {
    guard let own else {
      stage = .settled
      return
    }
    search.add(own, at: .full)
  }

  var isSettled: Bool { stage == .settled }

  /// Whether refused messages are being looked for: then nothing else may overtake them.
  var isSearching: Bool {
    search.isNarrow || underWay.map { $0.width != .full } ?? false
  }

  /// Takes in a report on what was sent last, and sorts it.
  mutating func take(_ failures: [UndeliveredMessage]) -> SendingOutcome {
    let round = underWay ?? RefusalSearch.Round(width: .full, messages: [])
    underWay = nil
    let outcome = SendingOutcome(failures, of: round.messages.count, at: round.width)
    search.clear(outcome.accepted, at: round.width)
    search.refuse(outcome.suspects, at: round.width)
    // What nobody knows of is still to be sent: the batch is not settled without it.
    search.add(outcome.untried, at: round.width)
    return outcome
  }

  /// What is next; the caller does `.send` and `.ownSettled`.
  ///
  /// `nullValues` are those of rows that are not rejected, asked for when the own messages are
  /// settled; `verdict` judges the place of one. Those that are not to leave go into `withheld`.
  mutating func next(
    nullValues: () -> [Int],
    verdict: (Int) -> StandingPlaces.Verdict,
    withheld: inout Set<Int>
  ) -> Step {
    if underWay != nil { return .wait }
    while let round = search.next() {
      if stage == .own { return send(round) }
      let verdicts = round.messages.map(verdict)
      if verdicts.contains(.undecided) {
        search.add(round.messages, at: round.width)
        return .wait
      }
      var free = round
      free.messages = zip(round.messages, verdicts).filter { $0.1 == .free }.map(\.0)
      withheld.formUnion(round.messages.filter { !free.messages.contains($0) })
      if !free.messages.isEmpty { return send(free) }
    }
    switch stage {
    case .own:
      stage = .nullValues
      search = RefusalSearch()
      search.add(nullValues(), at: .full)
      return .ownSettled
    case .nullValues:
      stage = .settled
      return .settled
    case .settled: return .settled
    }
  }

  private mutating func send(_ round: RefusalSearch<Int>.Round) -> Step {
    underWay = round
    return .send(round)
  }
}
