internal import Sync
internal import Kafka
internal import KafkaProtocol
internal import Reports
internal import Settings

/// Waits for brokers that may come back until the time is up, and says so once.
struct BrokerPatience {
  /// What the configuration calls the destination.
  let name: String
  /// The longest wait, `timeouts.connect`.
  let timeout: Duration
  var clock = RunClock.live
  /// Is told, once, that the run waits.
  let note: (String) -> Void

  /// What `ask` answers; what time does not heal ends the wait.
  ///
  /// `ask` gets the longest time that one attempt may take. `explain` finds out what is behind an
  /// error within a time; nil if nothing keeps this user out of the cluster.
  func answer<Answer>(
    _ ask: (Duration) async throws(KafkaError) -> Answer,
    explain: (KafkaError, Duration) async -> LoginError?
  ) async throws -> Answer {
    let end = clock.now() + timeout
    var notice = WaitingNotice(clock: clock)
    _ = notice.isDue(isWaiting: true)
    while true {
      do throws(KafkaError) {
        return try await ask(min(end - clock.now(), WaitingNotice.patience))
      } catch {
        let isSilent = [.timedOut, .unreachable].contains(error.code)
        let rest = max(end - clock.now(), .zero)
        // Before the question why: that may take its time, too.
        if isSilent, rest > .zero, notice.isDue(isWaiting: true) { note(text) }
        let failure = await explain(error, max(rest, WaitingNotice.patience))
        let mayHeal = failure?.isRetriable ?? isSilent
        if mayHeal, end - clock.now() > .zero { continue }
        throw failure.map { KafkaDestination.runError($0, name) }
          ?? KafkaDestination.runError(error, name)
      }
    }
  }

  private var text: String {
    "destination \(name): no answer from the brokers yet; waiting up to "
      + "\(DurationText.text(timeout)) (`timeouts.connect`)"
  }
}
