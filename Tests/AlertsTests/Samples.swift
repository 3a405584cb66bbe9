import Reports
import Settings
import Synchronization
import TestSupport

@testable import Alerts

/// Runs and reports to judge.
enum Samples {
  static let subject = AlertSubject(
    "customers",
    tags: ["crm"],
    isScheduled: true,
    source: "shop",
    destination: "events"
  )

  static func run(
    _ outcome: RunReport.Outcome = .done,
    of sync: String = "customers",
    command: String = "run",
    at start: Int = 1_000_000_000,
    seconds: Int = 2,
    error: RunError? = nil,
    _ set: (inout RunCounts) -> Void = { _ in }
  ) -> RunReport {
    var counts = RunCounts()
    set(&counts)
    return RunReport(
      sync: sync,
      runID: "run_\(start)",
      command: command,
      startedAt: start,
      finishedAt: start + seconds * 1_000_000,
      outcome: outcome,
      counts: counts,
      error: error
    )
  }

  static func record(
    changes: Int = 0,
    read: Int = 100,
    seconds: Int = 2,
    outcome: RunReport.Outcome = .done,
    command: String = "run"
  ) -> RunRecord {
    var counts = RunCounts()
    counts.changed = changes
    counts.read = read
    return RunRecord(
      id: "earlier",
      command: command,
      startedAt: 0,
      finishedAt: seconds * 1_000_000,
      outcome: outcome.rawValue,
      counts: counts
    )
  }

  static func brokerDown(_ message: String = "nobody answers") -> RunError {
    var error = RunError(
      .failed,
      "destination kafka events: \(message)",
      kind: .destinationUnreachable
    )
    error.cause = .destination
    return error
  }

  static func channel(_ name: String, minimum: AlertSeverity = .warning) -> AlertChannel {
    AlertChannel(name, minimum: minimum, .command("true", hiding: []))
  }

  static func settings(
    _ rules: [AlertRule],
    channels: [AlertChannel] = [channel("ops")]
  ) -> AlertSettings {
    var settings = AlertSettings()
    settings.channels = channels
    settings.rules = rules
    return settings
  }

  static func notification(
    _ finding: AlertFinding? = nil,
    severity: AlertSeverity? = .critical,
    from previous: AlertSeverity? = nil
  ) -> AlertNotification {
    let finding =
      finding
      ?? AlertFinding(
        system: "destination events",
        code: "SL0301",
        summary: "failed",
        details: ["destination kafka events: nobody answers <&>"],
        command: "sluice runs customers"
      )
    var incident = Incident(
      id: "inc_0011223344556677",
      cause: Incident.Cause(kind: .failed, system: finding.system, code: finding.code),
      openedAt: 1_769_850_000_000_000,
      opening: finding,
      opener: "customers"
    )
    incident.everyone = ["customers", "orders"]
    incident.sequence = 1
    return AlertNotification(
      incident,
      to: "ops",
      from: previous,
      to: severity,
      project: "crm",
      at: 1_769_857_500_000_000
    )
  }
}

/// Requests that a stand-in got, from its thread.
final class Inbox: Sendable {
  private let texts = Mutex<[String]>([])

  var all: [String] { texts.withLock { $0 } }

  func add(_ text: String) { texts.withLock { $0.append(text) } }

  /// A server that keeps what comes and answers with `status`; with `body` if there is one.
  func server(_ status: String = "200 OK", body: String = "ok") -> StandIn? {
    StandIn { request in
      self.add(request)
      return "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
  }
}
