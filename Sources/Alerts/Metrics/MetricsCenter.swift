internal import Blocking
internal import Reports
public import Settings
internal import Text
internal import Tracing
internal import Transfer

/// Writes figures for Prometheus when runs have ended.
///
/// Nothing it does fails a run: what goes wrong is told to `log`.
public struct MetricsCenter: Sendable {
  private let settings: MetricsSettings
  private let labels: [(name: String, value: String)]
  private let log: @Sendable (String) -> Void
  /// Longest time of one push, and of all pushes of a process.
  var timeout = Duration.seconds(5)
  var timeoutOfAll = Duration.seconds(15)

  /// Prepares to write where `settings` say.
  ///
  /// `project` and `environment`, if there is one, are labels of every figure: several projects
  /// have syncs of one name.
  public init(
    _ settings: MetricsSettings,
    project: String,
    environment: String?,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.settings = settings
    labels = [("project", project)] + (environment.map { [("environment", $0)] } ?? [])
    self.log = log
  }

  /// Writes the figures of all syncs, which `gather` reads, into the file, and pushes those of the
  /// syncs called `changed`.
  ///
  /// Processes that write the same file wait for each other before they read: what is written last
  /// was also read last. Returns what `gather` read.
  @discardableResult
  public func write(
    changed: Set<String>,
    gather: @Sendable () async -> [SyncMetrics]
  ) async -> [SyncMetrics] {
    let syncs: [SyncMetrics]
    if let path = settings.textfile {
      let lock = await onThread {
        FolderLock(around: path, before: Deadline(after: .seconds(2)))
      }
      defer { withExtendedLifetime(lock) {} }
      syncs = await gather()
      let text = MetricsText.text(MetricFamily.all(of: syncs), labels: labels)
      // The node exporter is another user.
      let reason = await onThread {
        FileReplacement.write(Array(text.utf8), to: path, mode: 0o644)
      }
      if let reason { log("metrics cannot be written: \(path): \(reason)") }
    } else {
      syncs = await gather()
    }
    await push(syncs.filter { changed.contains($0.status.sync) })
    return syncs
  }

  private func push(_ syncs: [SyncMetrics]) async {
    guard let gateway = settings.pushgateway else { return }
    let deadline = Deadline(after: timeoutOfAll)
    for (index, sync) in syncs.enumerated() {
      if deadline.isPast {
        let rest = syncs.count - index
        return log("metrics of \(rest) syncs are not pushed: the gateway is too slow")
      }
      do throws(TransferError) {
        try await push(sync, to: gateway, within: min(timeout, deadline.remaining))
      } catch {
        // It would not answer for the others either.
        return log("metrics cannot be pushed: \(error.message)")
      }
    }
  }

  /// Replaces what the gateway has of a sync: each has a group of its own, so that processes do not
  /// take away each other's.
  private func push(
    _ sync: SyncMetrics,
    to gateway: Secret,
    within timeout: Duration
  ) async throws(TransferError) {
    var base = gateway.exposed[...]
    while base.hasSuffix("/") { base = base.dropLast() }
    let group = (labels + [("sync", sync.status.sync)]).map { label in
      // A value may hold a slash, which no other form of the address can.
      "/\(label.name)@base64/\(Base64.unpaddedURLText(Array(label.value.utf8)))"
    }
    let text = MetricsText.text(MetricFamily.all(of: [sync]), labels: labels)
    var request = HTTPRequest(
      "PUT",
      url: "\(base)/metrics/job/sluice\(group.joined())",
      headers: [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
      body: Array(text.utf8)
    )
    request.timeout = timeout
    Trace.current("alerts", "pushgateway \(sync.status.sync)")
    let response = try await HTTPClient.send(request)
    if response.isSuccess { return }
    let said = KnownSecrets.current.hidden(in: String(response.text.prefix(200)))
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    log("metrics cannot be pushed: the gateway answers \(response.status) (\(said))")
  }
}
