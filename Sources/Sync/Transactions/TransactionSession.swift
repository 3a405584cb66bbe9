internal import Settings
internal import Reports
internal import State

/// The transactional producer of one state, and what Kafka holds of it.
///
/// Used by one task at a time.
final class TransactionSession {
  let destination: any Destination
  let transactions: any Transactions
  private let state: StateFile
  private let sync: String
  private let note: @Sendable (String) -> Void
  /// Transactional id and group.
  private let id: String
  /// The last batch that is known to be committed.
  private(set) var mark: TransactionMark
  /// Whether Kafka holds ``mark`` now.
  private(set) var isHeld = false
  /// Whether a transaction of this run has renewed what Kafka holds.
  private(set) var isRenewed = false

  private static let attemptsMax = 3

  init(
    _ transactions: any Transactions,
    at destination: any Destination,
    of state: StateFile,
    sync: String,
    note: @escaping @Sendable (String) -> Void
  ) async throws {
    self.destination = destination
    self.transactions = transactions
    self.state = state
    self.sync = sync
    self.note = note
    id = Self.id(ofState: try await state.identity().id)
    mark = try await state.transactionMark()
  }

  /// The transactional id, and group, of a state.
  static func id(ofState id: String) -> String { "sluice." + id }

  /// Makes a producer, which ends whatever an earlier one left open, and makes the batches live
  /// that are committed without the state knowing it.
  ///
  /// Returns how many they were. Throws a ``RunError`` where only the user can know.
  @discardableResult
  func open(requests: RequestSize = .full) async throws -> Int {
    isHeld = false
    return try await resolve(try await register(requests))
  }

  /// Does the same without a producer, which would end another one's transaction: for a plan.
  ///
  /// A state that never sent anything has nothing to ask for.
  func look() async throws -> Int {
    if !mark.isHeld, try await state.preparedMarks().isEmpty { return 0 }
    // A run that was killed may have left a transaction open, which the next run gives up.
    return try await resolve(try await committedOffsets())
  }

  /// Compares what Kafka holds with what is written down.
  private func resolve(_ offsets: [HeldMark]) async throws -> Int {
    if try await state.meta().adoptsTransactions { try await adopt(offsets) }
    let prepared = try await state.preparedMarks()
    let verdict = TransactionVerdict(offsets: offsets, mark: mark, prepared: prepared) { topic in
      destination.topics.partitions(of: topic) != nil
    }
    switch verdict {
    case .held: isHeld = true
    case .nothingCommitted: break
    case .committed(let committed): return try await noteCommitted(committed)
    case .forgotten: try await forget(prepared)
    case .foreign(let offset): throw RunError.foreign(offset, mark, sync: sync)
    }
    return 0
  }

  /// Goes back to a producer without transactions: what was committed is known.
  func close() async throws {
    mark.isHeld = false
    try await state.set(mark)
    try await state.forgetAttempts()
    try await transactions.close()
  }

  /// Has Kafka hold the mark as an offset of `anchor`: before the first batch, and in a run without
  /// any, so that it does not expire.
  func hold(anchor: String) async throws {
    var attempts = 0
    repeat {
      do throws(DeliveryFailure) {
        try await transactions.begin()
        try await transactions.commit(Int64(mark.number), token: mark.token, topic: anchor)
        isHeld = true
      } catch {
        attempts += 1
        if attempts == Self.attemptsMax || error.isFinal {
          throw await destination.explain(error)
        }
        try await open()
      }
    } while !isHeld
    isRenewed = true
    mark.anchor = anchor
    mark.isHeld = true
    try await state.set(mark)
  }

  /// Renews what Kafka holds where no transaction of this run did.
  func renew() async throws {
    if isRenewed { return }
    if let anchor = mark.anchor, destination.topics.partitions(of: anchor) != nil {
      try await hold(anchor: anchor)
    } else if mark.isHeld && !isHeld {
      mark.isHeld = false
      try await state.set(mark)
    }
  }

  /// Notes that the transaction which ends with `mark` is committed.
  ///
  /// The state remembers it together with the batches.
  func advance(to mark: TransactionMark) {
    self.mark = mark
    isHeld = true
    isRenewed = true
  }

  // MARK: - Inside

  private func register(_ requests: RequestSize) async throws -> [HeldMark] {
    do throws(DeliveryFailure) {
      try await transactions.open(id: id, requests: requests)
      return try await transactions.marks(of: id, waiting: true)
    } catch {
      throw await destination.explain(error)
    }
  }

  private func committedOffsets() async throws -> [HeldMark] {
    do throws(DeliveryFailure) {
      return try await transactions.marks(of: id, waiting: false)
    } catch {
      throw await destination.explain(error)
    }
  }

  private func noteCommitted(_ committed: TransactionMark) async throws -> Int {
    let count = try await state.noteCommitted(upTo: committed.number, mark: committed)
    advance(to: committed)
    return count
  }

  private func adopt(_ offsets: [HeldMark]) async throws {
    let highest = offsets.filter { $0.partition == 0 }.max { $0.number < $1.number }
    if let highest {
      mark = TransactionMark(
        number: Int(highest.number),
        token: highest.token,
        anchor: highest.topic,
        isHeld: true
      )
    } else {
      mark.isHeld = false
    }
    try await state.adopt(mark)
  }

  private func forget(_ prepared: [PreparedBatch]) async throws {
    if !prepared.isEmpty { throw RunError.forgotten(prepared.count, group: id, sync: sync) }
    note("Kafka forgot the last transaction of this state; nothing waits, so nothing is lost")
    mark.isHeld = false
    try await state.set(mark)
  }
}

extension RunError {
  /// Kafka no longer holds which of `count` prepared batches were committed.
  static func forgotten(_ count: Int, group: String, sync: String) -> RunError {
    RunError(
      .failed,
      "Kafka no longer knows which batches of \(sync) were committed (group \(group)), and "
        + "\(count) wait that may or may not have been",
      kind: .outcomeUnknown,
      hint: "look into the topic for the first of them: if it is there, "
        + "`sluice recover \(sync) --sent`; else `sluice recover \(sync) --not-sent`"
    )
  }

  /// Kafka holds a batch that the state, whose last one is `mark`, does not know.
  static func foreign(_ offset: HeldMark, _ mark: TransactionMark, sync: String) -> RunError {
    RunError(
      .failed,
      "another run took over: Kafka holds batch \(offset.number) of \(sync), which this state "
        + "does not know (its last one is \(mark.number)); a copy of the state was used "
        + "elsewhere, or this is an older one",
      kind: .fenced,
      hint: "stop the other run; then `sluice recover \(sync) --adopt` continues from this state: "
        + "what the other one sent since may be sent again"
    )
  }
}
