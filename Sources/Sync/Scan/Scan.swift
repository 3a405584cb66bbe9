internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// Reads a result, compares it and writes down what changed.
struct Scan {
  let body: RunBody
  let prepared: PreparedSync
  let diff: Diff
  let intent: ScanIntent
  /// Picks what a backfill of changed messages sends; nil to send all that is found.
  var picker: ChangedMessages?

  private var run: SyncRun { body.run }
  private var state: StateFile { body.state }
  private var shapeNumber: Int { prepared.shapeNumber }
  private var findsRemovals: Bool { intent.findsRemovals }

  /// Batches between two tasks: enough to even out their pace, few enough for a small machine.
  private static let queueCapacity = 2

  private func queue<Element>() -> BoundedQueue<Element> {
    BoundedQueue(capacity: Self.queueCapacity, byteCountMax: ChangeBatch.byteCountMax)
  }

  /// Sends while it reads: for a first run and for a backfill.
  func stream(_ delivery: any Delivery) async throws {
    try await beginBackfill()
    let found: BoundedQueue<ChangeBatch> = queue()
    let written: BoundedQueue<DeliverableBatch> = queue()
    let needsPrevious = delivery.needsPrevious
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { found.close() }
        try await read(into: found)
      }
      group.addTask {
        defer {
          found.close()
          written.close()
        }
        while let batch = await found.receive() {
          guard try await write(batch, needsPrevious, to: written) else { return }
        }
      }
      do {
        try await delivery.deliver(written)
      } catch {
        found.close()
        run.source.cancel()
        throw error
      }
      // What was written down is sent; now what stopped the scan may be told.
      try await group.waitForAll()
    }
    try await state.remember(absences: diff.absences(isComplete: findsRemovals))
  }

  /// Writes everything down, judges it, and makes it ready to be sent, or (silently) part of the
  /// snapshot.
  ///
  /// `batches` shows a plan what a guard stops.
  func stage(showing batches: BatchComposer) async throws {
    // Removals are known last and leave first: their batches get the numbers before the others'.
    let firstRemoval = try await state.nextBatchNumber()
    let first = firstRemoval + (findsRemovals ? diff.removalBatchesMax : 0)
    if let changes = try await stageRows(from: first), !intent.isSilent {
      try await noteRestlessColumns(in: changes)
    }
    let waiting = findsRemovals ? try await stageRemovals(from: firstRemoval) : []
    try run.interruption.check()
    try await judge(batches)
    try await beginBackfill()
    let isSilent = intent.isSilent
    // A plan that is pinned takes batches without messages along, too.
    if isSilent && run.pins == nil {
      try await state.makeStagedLive()
      try await state.remember(absences: [:])
    } else {
      try await state.prepareStaged(
        withdrawing: diff.withdrawnRows(),
        waiting: isSilent ? [] : waiting,
        absences: isSilent ? [:] : diff.absences(isComplete: findsRemovals)
      )
      if !isSilent { tellWaitingRemovals() }
    }
    if isSilent {
      let counts = diff.counts
      run.progress.update { $0.remembered = counts.added + counts.changed + counts.unchanged }
    }
    run.progress.enter(.delivering)
  }

  /// Writes additions and changes down, in batches from number `first` on.
  ///
  /// Returns the first batch in which rows changed.
  private func stageRows(from first: Int) async throws -> ChangeBatch? {
    var number = first
    var firstChanges: ChangeBatch?
    let found: BoundedQueue<ChangeBatch> = queue()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { found.close() }
        try await read(into: found)
      }
      defer { found.close() }
      do {
        while let batch = await found.receive() {
          _ = try await state.write(
            batch,
            as: .staged,
            shape: shapeNumber,
            isBackfill: intent.isBackfill,
            number: number
          )
          if firstChanges == nil, batch.changes.contains(where: { $0.kind == .changed }) {
            firstChanges = batch
          }
          number += 1
        }
      } catch {
        run.source.cancel()
        throw error
      }
      try await group.waitForAll()
    }
    return firstChanges
  }

  /// Says which columns made every row change, while the snapshot still has the old rows.
  private func noteRestlessColumns(in batch: ChangeBatch) async throws {
    guard RestlessColumns.isSuspected(diff.counts) else { return }
    let columns = RestlessColumns(
      sync: body.sync,
      shape: prepared.shape,
      shapeNumber: shapeNumber,
      counted: prepared.comparison.counted
    )
    let rows = try await state.preview(batch, shape: shapeNumber)
    if let note = columns.note(on: rows) { run.note(note) }
  }

  /// Drops what was found if a guard stops the run.
  private func judge(_ batches: BatchComposer) async throws {
    let judge = ScanJudge(prepared: prepared, intent: intent, counts: diff.counts)
    let judgedBefore = diff.withdrawnRows().union(diff.missingBefore())
    if let pins = run.pins {
      let figures = try await judge.found(withdrawing: judgedBefore)
      return pins.note(figures, judged: intent.judged)
    }
    guard let stop = try await judge.stop(withdrawing: judgedBefore) else { return }
    if let recorder = run.recorder { try await show(batches, to: recorder) }
    try await state.drop(.staged)
    throw stop
  }

  /// Shows a plan, which has a copy of the state, what would be sent if no guard stopped it.
  private func show(_ batches: BatchComposer, to recorder: PlanRecorder) async throws {
    try await state.prepareStaged(withdrawing: diff.withdrawnRows())
    for number in try await state.preparedBatches() where recorder.wantsMore(of: diff.counts) {
      try await batches.show(try await state.batch(number, withPrevious: true))
    }
    try await state.drop(.prepared)
  }

  /// Remembers where a backfill began: an interrupted one continues there.
  private func beginBackfill() async throws {
    guard let first = intent.backfillFrom, !intent.isPartial else { return }
    try await state.update { $0.backfill = first }
  }

  /// Writes removals down, in batches from number `first` on.
  ///
  /// Those that wait are among them, so that guards judge them. Returns the numbers of their batches.
  private func stageRemovals(from first: Int) async throws -> [Int] {
    var number = first
    while let batch = diff.nextRemovals() {
      _ = try await state.write(batch, as: .staged, shape: shapeNumber, number: number)
      number += 1
      publishCounts()
    }
    let firstWaiting = number
    while let batch = diff.nextWaitingRemovals() {
      _ = try await state.write(batch, as: .staged, shape: shapeNumber, number: number)
      number += 1
    }
    return Array(firstWaiting..<number)
  }

  private func tellWaitingRemovals() {
    let waiting = diff.counts.waiting
    guard waiting > 0, let grace = body.sync.removalGrace else { return }
    run.note(
      "\(waiting.rowsText) missing from the result: not removed yet "
        + "(removed: {after: \(grace.text)})"
    )
  }

  /// Reads page after page, one ahead, and hands on the batches that become full.
  private func read(into found: BoundedQueue<ChangeBatch>) async throws {
    let pages = [Page(), Page()]
    var current = 0
    var hasRows = try await run.source.read(into: pages[current])
    while hasRows {
      try run.interruption.check()
      let next = pages[1 - current]
      async let more = run.source.read(into: next)
      for batch in diff.process(pages[current]) {
        guard try await hand(batch, to: found) else { return }
      }
      publishCounts()
      try await reportInvalidRows()
      if findsRemovals { await readAhead() }
      hasRows = try await more
      current = 1 - current
      if diff.isAtLimit || picker?.isAtLimit == true { break }
    }
    for last in diff.finishRows() {
      guard try await hand(last, to: found) else { return }
    }
    publishCounts()
    try await reportInvalidRows()
    invalidRows.countAll(of: diff)
  }

  /// Reads the rows that will prove to be removed, as far as can be told, while the database sends
  /// more.
  ///
  /// What cannot be read is told when it is asked for again.
  private func readAhead() async {
    let rows = diff.takePassedOver()
    if !rows.isEmpty { try? await state.readAhead(rows) }
  }

  /// Returns false if nobody takes it any more.
  private func hand(
    _ batch: ChangeBatch,
    to found: BoundedQueue<ChangeBatch>
  ) async throws -> Bool {
    guard let picker else { return await found.send(batch, byteCount: batch.rows.byteCount) }
    guard let rest = try await picker.pick(batch) else { return true }
    return await found.send(rest, byteCount: rest.rows.byteCount)
  }

  private func write(
    _ batch: ChangeBatch,
    _ needsPrevious: Bool,
    to queue: BoundedQueue<DeliverableBatch>
  ) async throws -> Bool {
    let written = try await state.write(
      batch,
      as: .prepared,
      shape: shapeNumber,
      isBackfill: intent.isBackfill,
      withPrevious: intent.isBackfill && needsPrevious
    )
    return await queue.send(written, byteCount: written.byteCount)
  }

  private func publishCounts() {
    let counts = diff.counts
    let unpicked = picker?.unchanged ?? 0
    run.progress.update { total in
      total.read = counts.read
      total.unchanged = counts.unchanged + unpicked
      total.added = counts.added - unpicked
      total.changed = counts.changed
      total.removed = counts.removed
      total.invalid = counts.invalid
    }
  }

  private func reportInvalidRows() async throws {
    let problems = invalidRows.take(from: diff)
    if !problems.isEmpty { try await state.report(problems, run: body.number) }
  }

  private var invalidRows: InvalidRows {
    InvalidRows(
      shape: prepared.shape,
      shapeNumber: shapeNumber,
      primaryKey: prepared.preparation.primaryKey,
      tally: run.problems
    )
  }
}
