/// What became of the messages of one batch that were sent together, sorted by what follows.
struct SendingOutcome {
  /// Messages whose rows are to be rejected.
  private(set) var refused: [UndeliveredMessage] = []
  /// Messages that were refused with others in one request.
  private(set) var suspects: [Int] = []
  /// Messages that were not tried, or of which nobody knows.
  private(set) var untried: [Int] = []
  /// The first failure of those.
  private(set) var failure: UndeliveredMessage?
  /// How many messages were accepted.
  let accepted: Int

  /// Sorts the failures of `count` messages that were sent in requests of `width`.
  init(_ failures: [UndeliveredMessage], of count: Int, at width: RequestWidth) {
    accepted = count - failures.count
    for failure in failures {
      switch failure.fate {
      case .refusedWithRequest where width != .one: suspects.append(failure.index)
      case .refused, .refusedWithRequest, .unknownTopicOrPartition: refused.append(failure)
      case .unknown, .stopped:
        untried.append(failure.index)
        // A refusal stops the transaction: what says more than that is told.
        if self.failure == nil || self.failure?.error.isFinal == false, failure.error.isFinal {
          self.failure = failure
        } else if self.failure == nil {
          self.failure = failure
        }
      }
    }
  }

  /// Whether every message was accepted.
  var isClean: Bool { refused.isEmpty && suspects.isEmpty && untried.isEmpty }
}

/// Counts attempts, and forgives those that brought something new.
struct Persistence {
  /// The most that was ever achieved.
  private var best = 0
  private var failures = 0
  private let failuresMax: Int

  /// Gives up at the failure with this number since the last progress.
  init(failuresMax: Int = 3) {
    self.failuresMax = failuresMax
  }

  /// Takes in a failure, and says whether to try once more.
  ///
  /// `achieved` only grows, and only as far as there is something to achieve: so it ends.
  mutating func allowsAnother(achieved: Int) -> Bool {
    if achieved > best {
      best = achieved
      failures = 0
    }
    failures += 1
    return failures < failuresMax
  }
}
