import Arguments
import Sync
import Reports
import Settings

/// The command `sluice plan`.
enum PlanCommand: SluiceCommand {
  typealias Report = SyncList<PlanReport>

  private static let exitCode = Option(
    "exit-code",
    "End with 4 when there is something to send"
  )
  private static let limit = Option(
    "limit",
    value: .integer("N", 1...Int.max),
    "Plan a run with the same limit"
  )

  static let command = Command(
    "plan",
    "Show what a run would send, and send nothing",
    discussion: """
      Reads the model and compares, as a run would, and shows counts, samples of the changes with \
      old and new values, and the messages that they would leave. Nothing is sent and nothing is \
      remembered. It ends as the run would: 0, 2 or 3.
      """,
    arguments: [.syncs],
    options: [.tag, exitCode, limit, .allow, .freshState],
    examples: [
      Example("sluice plan customers", "before the first run, or after a change"),
      Example("sluice plan --exit-code", "in a script: 4 says that there is something to send"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let selected = try context.selectedSyncs(connects: true)
    let shown = ResolvedConnections(selected.project)
    for line in shown.lines(for: selected.syncs) { context.console.log(line) }
    var reports: [PlanReport] = []
    for sync in selected.syncs {
      let report = try await plan(SyncSession(selected.project, sync), context)
      show(report, context.console)
      reports.append(report)
    }
    context.console.result(SyncList(reports))
    let code = ExitCode.gravest(of: [selected.code] + reports.map { ExitCode($0.outcome) })
    let asksForCode = context.arguments.has(exitCode)
    return code == .done && asksForCode && reports.contains(where: \.hasMessages)
      ? .somethingToSend : code
  }

  private static func plan(
    _ session: SyncSession,
    _ context: CommandContext
  ) async throws -> PlanReport {
    if !context.arguments.has(.freshState) { try session.refuseLeftState() }
    let options = RunOptions(
      limit: context.arguments.value(of: limit).flatMap { Int($0) },
      allowedGuards: context.allowedGuards
    )
    let run = SyncRun(
      sync: session.sync,
      model: session.model,
      source: try session.source(),
      sink: try session.sink(console: context.console) { _ in },
      statePath: session.location.path,
      options: options
    )
    let scratch = try ScratchFolder()
    defer { withExtendedLifetime(scratch) {} }
    return await PlanRun(of: run, scratchPath: scratch.statePath).execute()
  }

  private static func show(_ report: PlanReport, _ console: Console) {
    console.result("\(report.sync): \(report.summary)")
    for note in report.notes { console.result("  note: \(note)") }
    for line in report.problems.lines { console.result("  \(line)") }
    for sample in report.samples {
      console.result("  \(sample.change.rawValue) \(sample.row ?? "?")")
      for column in sample.columns { console.result("    \(column.name): \(change(column))") }
      if let reason = sample.reason { console.result("    rejected: \(reason)") }
      if let message = sample.message { console.result("    → \(message.line)") }
    }
    if let error = report.error { console.report(error, of: report.sync) }
  }

  private static func change(_ column: (name: String, old: String?, new: String?)) -> String {
    switch (column.old, column.new) {
    case (let old?, let new?): "\(old) → \(new)"
    case (nil, let new?): new
    case (let old?, nil): "\(old) → gone"
    case (nil, nil): ""
    }
  }
}

extension PlanReport {
  /// What a run would do, in one line.
  fileprivate var summary: String {
    let changes = [
      (counts.added, "to add"), (counts.changed, "to change"), (counts.removed, "to remove"),
    ].filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
    if error != nil && counts.read == 0 && changes.isEmpty { return "failed" }
    var parts = error == nil ? [] : ["stopped"]
    parts.append("\(counts.read.grouped) rows read")
    // A plan that stopped does not know that there is nothing.
    if !changes.isEmpty {
      parts.append(changes.joined(separator: ", "))
    } else if error == nil {
      parts.append("nothing to send")
    }
    if preparedBatches > 0 { parts.append("\(preparedBatches) batches of an earlier run first") }
    let troubles = [(counts.invalid, "invalid"), (counts.rejected, "would be rejected")]
    parts += troubles.filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
    return parts.joined(separator: "; ")
  }
}

extension PlanReport.Message {
  fileprivate var line: String {
    "\(topic)[\(partition.map { "\($0)" } ?? "?")] \(key.map { "key \($0) " } ?? "")\(value ?? "tombstone")"
  }
}
