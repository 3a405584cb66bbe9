import Alerts
import Blocking
import Reports
import Settings
import Synchronization

/// Notes when the parts of a run begin, tells them at debug level, and gives them as spans.
final class RunPhases: Sendable {
  private let sync: String
  private let console: Console
  private let phases = Mutex<[(phase: RunEvent.Phase, start: Int)]>([])
  private let now: @Sendable () -> Int

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
    guard case .entered(let phase) = event else { return }
    let time = now()
    let last = phases.withLock { phases in
      defer { phases.append((phase, time)) }
      return phases.last
    }
    let took = last.map { last in
      let duration = Duration.microseconds(time - last.start)
      return "; \(last.phase.rawValue) took \(duration.spoken)"
    }
    let message = phase.rawValue + (took ?? "")
    console.log(LogEvent(.debug, name: "run-phase", sync: sync, message: message))
  }

  /// The parts of the run that `report` describes, as spans.
  func trace(of report: RunReport) -> RunTrace {
    let phases = phases.withLock { $0 }.filter { $0.phase != .finished }
    let ends = phases.dropFirst().map(\.start) + [report.finishedAt]
    return RunTrace(
      report,
      parts: zip(phases, ends).map { phase, end in
        RunTrace.Part(name: phase.phase.span, start: phase.start, end: max(end, phase.start))
      }
    )
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
