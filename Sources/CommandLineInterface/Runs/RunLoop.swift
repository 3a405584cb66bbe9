import Sync

/// Does the same again and again in one process, at even distances, until somebody ends it.
struct RunLoop: Sendable {
  /// The time from one beginning to the next.
  let interval: Duration
  var clock = RunClock.live
  /// Ends a wait before its time: something changed, or the loop is to end.
  let wakeup = WakeSignal()

  /// Calls `pass` with the number of the pass, from 1, until `isStopped`.
  ///
  /// A pass that takes longer than the interval is followed at once by the next one; passes that were
  /// missed are not made up for. Passes that are asked for by ``wakeup`` meanwhile are one.
  func run(
    isStopped: @Sendable () -> Bool,
    pass: (_ number: Int) async -> Void
  ) async {
    var number = 0
    while !isStopped() {
      number += 1
      let next = clock.now() + interval
      // What is announced from here on may come too late for this pass.
      wakeup.reset()
      // A signal that came before the reset is not lost.
      if isStopped() { return }
      await pass(number)
      if isStopped() { return }
      await wait(until: next)
    }
  }

  /// Returns at `instant`, or when somebody wakes it.
  private func wait(until instant: ContinuousClock.Instant) async {
    if instant <= clock.now() { return }
    let (clock, wakeup) = (clock, wakeup)
    await withTaskGroup { group in
      group.addTask { _ = try? await clock.wait(instant) }
      group.addTask { await wakeup.wait() }
      await group.next()
      group.cancelAll()
    }
  }
}
