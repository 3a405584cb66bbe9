import Reports
import Synchronization

/// The live line of a run, made of its events.
final class ProgressLine: Sendable {
  private struct State {
    var phase = RunEvent.Phase.connecting
    var counts = RunCounts()
    var expected: Int?
  }

  private let sync: String
  private let console: Console
  private let started: Int64
  private let state = Mutex(State())

  /// Begins the line of `sync`, which `console` shows if somebody watches.
  init(_ sync: String, on console: Console) {
    self.sync = sync
    self.console = console
    started = console.now()
  }

  /// Takes in an event, and draws the line if it is time to.
  func take(_ event: RunEvent) {
    state.withLock { state in
      switch event {
      case .entered(let phase): state.phase = phase
      case .expected(let rows): state.expected = rows
      case .counted(let counts): state.counts = counts
      case .commitBegan, .commitEnded: break
      }
    }
    console.progress(text)
  }

  /// For example `customers: scanning · 1,200,000 rows · 400,000/s · 60 % · 2 s left`.
  private var text: String {
    let state = state.withLock { $0 }
    let counts = state.counts
    let milliseconds = max(1000, Int(console.now() - started))
    let rate = counts.read * 1000 / milliseconds
    var parts = ["\(sync): \(state.phase.rawValue)", "\(counts.read.grouped) rows"]
    parts.append("\(rate.grouped)/s")
    if state.phase == .scanning, let expected = state.expected, expected > counts.read {
      parts.append("\(counts.read * 100 / expected) %")
      if rate > 0 { parts.append("\((expected - counts.read) / rate) s left") }
    }
    let changes = [
      (counts.added, "added"), (counts.changed, "changed"), (counts.removed, "removed"),
    ]
    parts += changes.filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
    if counts.submitted > 0 {
      parts.append("\(counts.sent.grouped) of \(counts.submitted.grouped) acknowledged")
    }
    return parts.joined(separator: " · ")
  }
}
