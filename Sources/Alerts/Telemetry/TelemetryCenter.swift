internal import Blocking
internal import Tracing
internal import Transfer
internal import Values

/// Sends traces and metrics of runs to a collector of OpenTelemetry, over HTTP as JSON.
///
/// Nothing it does fails a run: what goes wrong is told to `log`.
public struct TelemetryCenter: Sendable {
  private let settings: TelemetrySettings
  private let resource: [(name: String, value: String)]
  private let log: @Sendable (String) -> Void

  /// Prepares to send where `settings` say, for `project` in `environment`, by this `version`.
  public init(
    _ settings: TelemetrySettings,
    project: String,
    environment: String?,
    version: String,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.settings = settings
    resource =
      [
        ("service.name", settings.service), ("service.version", version),
        ("service.namespace", project),
      ] + (environment.map { [("deployment.environment.name", $0)] } ?? [])
    self.log = log
  }

  /// Sends the spans of `runs`, and the figures of `syncs` at `now`, in
  /// microseconds since 1970; the machine's time if that is nil.
  public func send(
    _ runs: [RunTrace],
    syncs: [SyncMetrics],
    now: Int? = nil
  ) async {
    let now = now ?? WallClock.microseconds()
    let body = TelemetryBody(resource: resource)
    if let address = settings.traces, !runs.isEmpty {
      await post(body.traces(runs, parent: settings.parent), to: address, "traces")
    }
    if let address = settings.metrics {
      await post(body.metrics(MetricFamily.all(of: syncs), at: now), to: address, "metrics")
    }
  }

  private func post(_ body: Value, to address: String, _ what: String) async {
    var request = AlertSender.json(body, to: address)
    request.headers += settings.headers
    request.timeout = settings.timeout
    Trace.current("telemetry", what)
    do throws(TransferError) {
      let response = try await HTTPClient.send(request)
      if !response.isSuccess {
        log("\(what) are not taken: the collector answers \(response.status)")
      }
    } catch {
      log("\(what) cannot be sent: \(error.message)")
    }
  }
}
