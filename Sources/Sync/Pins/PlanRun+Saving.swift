internal import Reports
internal import Settings
internal import State

/// Pinning what a plan found.
extension PlanRun {
  /// Ends a plan that was made to be pinned: judges it as a whole, and gives its file its name.
  ///
  /// Returns the report with its file; `location` is where the sync's state is. Throws a ``RunError``
  /// if there is nothing that could be applied, or the file cannot be written.
  func pin(_ report: PlanReport, _ pins: PlanPins) async throws -> PlanReport {
    let found = pins.all
    guard let state = found.state, found.isComplete, report.error == nil,
      let before = found.before, let after = found.after
    else {
      throw RunError(
        .failed,
        "the plan was not saved: \(report.error?.message ?? "it did not come to its end")",
        kind: report.error?.kind ?? .unsavedPlan,
        hint: report.error?.hint
      )
    }
    if report.preparedBatches > 0 { throw Self.waiting(report) }
    var report = report
    var figures = found.figures
    figures.rejected = report.counts.rejected
    figures.rejectedExamples = Array(
      report.problems.filter { $0.kind == .rejected }.compactMap(\.first).prefix(3)
    )
    let messages = report.messages
    let guards = PinnedGuards(sync: sync, figures: figures, judged: found.judged)
    if let stop = guards.stop(asked) {
      report.error = stop
      report.outcome = .stoppedByGuard
      report.messages = 0
    } else if let note = guards.noteOnAllowances(asked) {
      report.notes.append(note)
    }
    let meta = try await state.meta()
    let header = PinHeader(
      plan: Self.randomID(),
      sync: report.sync,
      run: report.run,
      madeAt: report.startedAt,
      heldUntil: pins.request.hold.map { report.startedAt + Int($0 / .microseconds(1)) },
      messages: messages,
      command: asked.command.rawValue,
      isPartial: found.isPartial,
      isSilent: found.isSilent,
      stateID: meta.id ?? "",
      secret: found.isNewState ? meta.secret : nil,
      before: before,
      after: after,
      lastRun: found.lastRun,
      firstBatch: found.firstBatch,
      primaryKey: meta.primaryKey,
      counted: found.counted,
      shape: found.shapeNumber,
      cluster: meta.cluster ?? "",
      source: meta.source,
      modelHash: ModelHash.text(of: model),
      settingsHash: SettingsHash.text(of: sync),
      messageSettings: KeptSettings(sync, model).json(secret: try await state.identity().secret),
      isWhole: asked.sendsAllChangedMessages || (asked.command == .backfill && !found.isPartial),
      topics: found.topics,
      counts: report.counts,
      figures: figures,
      judged: found.judged
    )
    try await state.finishPins(
      ["header": header.json, "report": report.stored.jsonText],
      shape: found.shapeNumber,
      as: pins.request.file,
      isReplacing: pins.request.isReplacing
    )
    report.pinned = header.report(file: pins.request.typed)
    return report
  }

  private static func waiting(_ report: PlanReport) -> RunError {
    RunError(
      .failed,
      "the plan was not saved: \(report.preparedBatches) batches of an earlier run wait to be sent, "
        + "which moves the snapshot",
      kind: .unsavedPlan,
      hint: "`sluice run \(report.sync)` finishes them; then plan again"
    )
  }

  private static func randomID() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = String(generator.next() as UInt64, radix: 36)
    return "plan_" + String(repeating: "0", count: max(0, 13 - digits.count)) + digits
  }
}
