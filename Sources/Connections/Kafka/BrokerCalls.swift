internal import Sync
internal import Settings
internal import Synchronization

/// Watches the calls of a destination that brokers have to answer, and says what keeps a run waiting.
///
/// Each kind of call is told once, and only if it takes longer than ``WaitingNotice/patience``.
final class BrokerCalls: Sendable {
  /// What a run may wait for.
  enum Call: String, CaseIterable {
    case metadata = "the topics of the cluster"
    case limits = "the limits of the topics"
    case creation = "new topics"
    case registration = "the right to send transactions"
    case offsets = "the last transaction that was committed"
    case commit = "the end of a transaction"
    case abort = "the end of a transaction that is given up"
  }

  /// The setting that ends a wait, as it is written.
  enum Setting: String {
    case connect = "timeouts.connect"
    case delivery = "timeouts.delivery"
  }

  /// What the configuration calls the destination.
  private let name: String
  let clock: RunClock
  private let note: @Sendable (String) -> Void
  private let told = Mutex<Set<Call>>([])

  init(_ name: String, clock: RunClock, note: @escaping @Sendable (String) -> Void) {
    self.name = name
    self.clock = clock
    self.note = note
  }

  /// What `ask` answers; `limit` is how long it may take, and `setting` where the user sets that.
  func watch<Answer, Failure: Error>(
    _ call: Call,
    upTo limit: Duration,
    setting: Setting? = nil,
    ask: () async throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    let result: Result<Answer, Failure> = await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.tell(call, upTo: limit, setting) }
      defer { group.cancelAll() }
      do throws(Failure) {
        return .success(try await ask())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Says that a call takes long, unless it is answered before.
  private func tell(_ call: Call, upTo limit: Duration, _ setting: Setting?) async {
    do {
      try await clock.wait(clock.now() + WaitingNotice.patience)
    } catch {
      return
    }
    guard told.withLock({ $0.insert(call).inserted }) else { return }
    let source = setting.map { " (`\($0.rawValue)`)" } ?? ""
    note(
      "destination \(name): the brokers do not answer yet (asked for \(call.rawValue)); "
        + "waiting up to \(DurationText.text(limit))\(source)"
    )
  }
}
