public import Reports
public import Settings
internal import Tracing
internal import Transfer

/// Calls heartbeats while a process runs syncs.
///
/// A run that never began (another one was under way) or that a signal ended calls nobody. Nothing
/// it does fails a run: what goes wrong is told to `log`.
public actor HeartbeatCenter {
  private let heartbeats: [HeartbeatSettings]
  private let gravest: @Sendable ([Int32]) -> Int32
  private let log: @Sendable (String) -> Void
  private let timeout: Duration
  /// Heartbeats of the process that were told of its start, by their position.
  private var begun: Set<Int> = []
  private var ended: [Int: [(code: Int32, lines: [String])]] = [:]
  private var interrupted: Set<Int> = []

  /// Prepares to call `heartbeats`; `gravest` gives the exit code of several.
  public init(
    _ heartbeats: [HeartbeatSettings],
    timeout: Duration = .seconds(5),
    gravest: @escaping @Sendable ([Int32]) -> Int32,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.heartbeats = heartbeats
    self.timeout = timeout
    self.gravest = gravest
    self.log = log
  }

  /// Tells that a run of `sync`, which has `tags`, begins.
  public func began(_ sync: String, tags: [String]) async {
    for (index, heartbeat) in heartbeats.enumerated() where heartbeat.covers(sync, tags: tags) {
      if !heartbeat.isPerSync, !begun.insert(index).inserted { continue }
      await call(heartbeat, sync: sync, ping: HeartbeatPing(event: .started, lines: []))
    }
  }

  /// Tells how a run ended: `code` is its share in the exit code.
  public func ended(_ report: RunReport, tags: [String], code: Int32) async {
    for (index, heartbeat) in heartbeats.enumerated()
    where heartbeat.covers(report.sync, tags: tags) {
      switch report.outcome {
      case .skipped, .alreadyRunning: continue
      case .interrupted: interrupted.insert(index)
      case .done, .doneWithProblems, .failed, .misconfigured, .stoppedByGuard:
        let lines = RuleJudge.lines(of: report)
        if heartbeat.isPerSync {
          await call(heartbeat, sync: report.sync, ping: Self.ping(code, lines))
        } else {
          ended[index, default: []].append((code, lines))
        }
      }
    }
  }

  /// Tells the heartbeats of the process how all of it ended.
  public func finish() async {
    for (index, heartbeat) in heartbeats.enumerated() where !interrupted.contains(index) {
      guard let ends = ended[index] else { continue }
      let failures = ends.filter { !Self.isSuccess($0.code) }
      let lines = (failures.isEmpty ? ends : failures).flatMap(\.lines)
      await call(heartbeat, sync: "", ping: Self.ping(gravest(ends.map(\.code)), lines))
    }
  }

  /// Rows that were not delivered are for alerts: the run has done what it can.
  private static func isSuccess(_ code: Int32) -> Bool { code == 0 || code == 2 }

  private static func ping(_ code: Int32, _ lines: [String]) -> HeartbeatPing {
    HeartbeatPing(event: isSuccess(code) ? .succeeded : .failed(code), lines: lines)
  }

  private func call(
    _ heartbeat: HeartbeatSettings,
    sync: String,
    ping: HeartbeatPing
  ) async {
    let parts = heartbeat.url.exposed.split(
      separator: HeartbeatSettings.placeholder,
      omittingEmptySubsequences: false
    )
    guard var request = ping.request(parts.joined(separator: sync)) else { return }
    request.timeout = timeout
    Trace.current("alerts", "heartbeat \(sync): \(ping.event)")
    do throws(TransferError) {
      let response = try await HTTPClient.send(request)
      if response.isSuccess { return }
      log("a heartbeat was not taken: the service answers \(response.status)")
    } catch {
      // The address is the secret: only what libcurl says of it is told.
      log("a heartbeat was not taken: \(error.message)")
    }
  }
}
