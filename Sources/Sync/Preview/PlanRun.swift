internal import Glibc

public import Reports
internal import Settings

/// Finds out what a run would do, and does nothing of it.
///
/// It runs: on a copy of the state, to a destination that takes every message and keeps none. So
/// it differs from a run only in what a broker says when it is sent something, in partitions of
/// topics that do not exist yet, and in ids that only sending gives.
public struct PlanRun: Sendable {
  private let run: SyncRun
  private let recorder: PlanRecorder
  private let sink: PreviewDestination
  /// What was asked for; a plan that is pinned lifts no guard by itself.
  let asked: RunOptions

  var sync: SyncSettings { run.sync }
  var model: ModelSettings { run.model }

  /// Prepares a plan of `run`, which is not used for anything else.
  ///
  /// The copy of the state is made at `scratchPath`, where nothing is yet; the caller deletes it.
  /// With `pinning` its messages get the ids and tokens with which they will be sent, for
  /// ``executePinning()``.
  public init(
    of run: SyncRun,
    scratchPath: String,
    samplesMax: Int = 3,
    pinning request: PinRequest? = nil
  ) {
    recorder = PlanRecorder(
      scratchPath: scratchPath,
      samplesMax: samplesMax,
      pins: request.map(PlanPins.init)
    )
    sink = PreviewDestination(run.sink)
    var planned = run
    if let request {
      planned.options.allowedGuards = []
      planned.options.planFile = request.typed
    }
    var asked = planned.options
    asked.allowedGuards = run.options.allowedGuards
    self.asked = asked
    planned.purpose = .plan(recorder)
    planned.sink = sink
    planned.note = { [recorder] text in recorder.note(text) }
    self.run = planned
  }

  /// Reads, compares and composes; nothing is sent, and the state stays as it is.
  public func execute() async -> PlanReport {
    await execute(nil)
  }

  /// The same, and the messages are pinned in a file if they could be sent.
  ///
  /// Returns what was found, with the file; or with why there is none.
  public func executePinning() async -> (report: PlanReport, failure: RunError?) {
    await executePinning(nil)
  }

  /// The same; `receive` gets the messages in the order in which they would be sent.
  func executePinning(
    _ receive: (@Sendable (PreviewedMessage) -> Void)?
  ) async -> (report: PlanReport, failure: RunError?) {
    let report = await execute(receive)
    guard let pins = recorder.pins else { return (report, nil) }
    defer { unlink(pins.draft) }
    do {
      return (try await pin(report, pins), nil)
    } catch {
      return (report, SyncRun.runError(error))
    }
  }

  /// The same; `receive` gets the messages in the order in which they would be sent.
  func execute(_ receive: (@Sendable (PreviewedMessage) -> Void)?) async -> PlanReport {
    sink.receive = receive
    let report = await run.execute()
    let found = recorder.findings
    var plan = PlanReport(
      report,
      messages: sink.count,
      samples: found.samples,
      preparedBatches: found.preparedBatches,
      notes: found.notes + noteOnTopics + silentChanges(report.counts)
    )
    plan.run = report.runID
    plan.startedAt = report.startedAt
    return plan
  }

  /// What is to be said of changes that leave no message, because their trigger is not selected.
  private func silentChanges(_ counts: RunCounts) -> [String] {
    if counts.remembered > 0 { return [] }
    let rows = [
      (Change.added, counts.added), (.changed, counts.changed), (.removed, counts.removed),
    ]
    return rows.filter { !run.sync[$0.0].isSelected && $0.1 > 0 }.map { change, count in
      "the trigger `\(change.rawValue)` is not selected: \(count) rows are taken into the snapshot "
        + "without a message"
    }
  }

  private var noteOnTopics: [String] {
    let names = sink.newTopics.sorted()
    if names.isEmpty { return [] }
    let rest = names.count > 10 ? " and \(names.count - 10) more" : ""
    return ["topics that would be created: \(names.prefix(10).joined(separator: ", "))\(rest)"]
  }
}
