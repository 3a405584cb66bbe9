import Alerts
import Blocking
import Reports
import Settings
import Synchronization

/// Notes when the parts of a run begin, tells them at debug level, and gives them as spans.
final class RunPhases: Sendable {
  private struct Notes {
    var phases: [(phase: RunEvent.Phase, start: Int)] = []
    var commits: [RunTrace.Part] = []
    /// Since when a commit is under way.
    var begun: [RunEvent.Commit: Int] = [:]
  }

  private let sync: String
  private let console: Console
  private let notes = Mutex(Notes())
  private let now: @Sendable () -> Int

  /// A run may commit for hours: its longest commits are what a trace is looked at for.
  static let commitsMax = 100

  /// Notes the parts of a run of `sync`; `now` is in microseconds since 1970.
  init(
    _ sync: String,
    on console: Console,
    now: @escaping @Sendable () -> Int = { WallClock.microseconds() }
  ) {
    self.sync = sync
    self.console = console
    self.now = now
  }

  /// Takes in an event.
  func take(_ event: RunEvent) {
    switch event {
    case .entered(let phase): enter(phase, at: now())
    case .commitBegan(let commit): notes.withLock { $0.begun[commit] = now() }
    case .commitEnded(let commit): end(commit, at: now())
    case .expected, .counted: break
    }
  }

  private func enter(_ phase: RunEvent.Phase, at time: Int) {
    let last = notes.withLock { notes in
      defer { notes.phases.append((phase, time)) }
      return notes.phases.last
    }
    let took = last.map { last in
      let duration = Duration.microseconds(time - last.start)
      return "; \(last.phase.rawValue) took \(duration.spoken)"
    }
    let message = phase.rawValue + (took ?? "")
    console.log(LogEvent(.debug, name: "run-phase", sync: sync, message: message))
  }

  private func end(_ commit: RunEvent.Commit, at time: Int) {
    notes.withLock { notes in
      guard let start = notes.begun.removeValue(forKey: commit) else { return }
      notes.commits.append(RunTrace.Part(name: commit.span, start: start, end: max(start, time)))
      if notes.commits.count <= Self.commitsMax { return }
      let shortest = notes.commits.indices.min {
        notes.commits[$0].duration < notes.commits[$1].duration
      }
      if let shortest { notes.commits.remove(at: shortest) }
    }
  }

  /// The parts of the run that `report` describes, as spans; each commit belongs to the part in
  /// which it began.
  func trace(of report: RunReport) -> RunTrace {
    let (phases, commits) = notes.withLock { notes in
      (notes.phases.filter { $0.phase != .finished }, notes.commits)
    }
    let ends = phases.dropFirst().map(\.start) + [Int.max]
    let parts = zip(phases, ends).map { phase, next in
      RunTrace.Part(
        name: phase.phase.span,
        start: phase.start,
        end: max(min(next, report.finishedAt), phase.start),
        parts: commits.filter { (phase.start..<next).contains($0.start) }
      )
    }
    return RunTrace(report, parts: parts)
  }
}

extension RunEvent.Commit {
  /// The name of its span.
  fileprivate var span: String {
    switch self {
    case .transaction: "commit transaction"
    case .state: "commit state"
    }
  }
}

extension RunEvent.Phase {
  /// The name of its span.
  fileprivate var span: String {
    switch self {
    case .connecting: "connect"
    case .recovering: "recover"
    case .testing: "test"
    case .scanning: "scan"
    case .delivering: "send"
    case .finished: "finish"
    }
  }
}
