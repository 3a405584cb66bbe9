internal import Bytes
internal import Messages
internal import Rows
internal import Snapshot

internal import Settings

public import Reports

/// Finds out what a run would do, and does nothing of it.
public struct PlanRun: Sendable {
  private let run: SyncRun
  private let scratchPath: String
  private let samplesMax: Int

  /// Prepares a plan of `run`.
  ///
  /// A sync without state is compared with an empty one at `scratchPath`, which the caller deletes.
  public init(of run: SyncRun, scratchPath: String, samplesMax: Int = 3) {
    self.run = run
    self.scratchPath = scratchPath
    self.samplesMax = samplesMax
  }

  /// Scans and compares; nothing is written or sent.
  public func execute() async -> PlanReport {
    let collector = PlanCollector(sync: run.sync.name)
    do {
      try await plan(into: collector)
    } catch {
      collector.report.error = SyncRun.runError(error)
    }
    await run.source.close()
    let report = collector.report
    if let error = report.error {
      collector.report.outcome = RunReport.Outcome(error.code)
    } else if report.counts.invalid + report.counts.rejected > 0 {
      collector.report.outcome = .doneWithProblems
    }
    return collector.report
  }

  private func plan(into collector: PlanCollector) async throws {
    let state = try run.openStateOrScratch(scratchPath)
    let body = RunBody(lookingFor: "plan", run, state)
    try await body.checkCluster(try await run.sink.connect())
    _ = try await body.checkSource(try await run.source.origin())
    try await body.checkTopics()
    let committed = try await body.checkTransactions()
    collector.report.preparedBatches = try await state.preparedBatches().count - committed
    try await body.checkFixedTopics()
    let shape = try await run.source.open(run.model)
    try body.checkColumns(shape)
    try await body.checkPrimaryKey()
    let shapes = ShapeCatalog(try await state.shapes())
    let shapeNumber = try await state.number(of: shape)
    shapes[shapeNumber] = shape
    // No id is shown that nobody will ever send.
    let composer = body.makeComposer(nil, shapes, isPlan: true)
    try composer.use(shape, number: shapeNumber)
    try await noteModelChange(state, shape, collector)
    collector.report.notes += ConstantNames(sync: run.sync, shape: shape).keys
    collector.report.notes += try await body.newPartitions()

    let comparison = body.comparison(shape)
    let snapshot = try await state.loadSnapshot(
      for: comparison,
      shapeNumber: shapeNumber,
      isWriting: false
    )
    let known = snapshot.count
    let isInitialized = try await state.value(.isInitialized) != nil
    let isFirst = known == 0 && !isInitialized
    let isSilent = isFirst && run.sync.initialSync == .skip
    let policy = try await body.policy(
      isSilent: isSilent,
      limit: isSilent ? nil : run.options.limit
    )
    let diff = try await body.makeDiff(snapshot, policy, comparison)
    let preview = PlanPreview(
      state: state,
      composer: composer,
      shapes: shapes,
      shapeNumber: shapeNumber,
      primaryKey: run.model.primaryKey.map(\.value),
      samplesMax: samplesMax,
      sink: run.sink,
      sync: run.sync
    )
    try await scan(diff, preview, collector)
    if let first = collector.firstChanges, RestlessColumns.isSuspected(diff.counts) {
      let columns = RestlessColumns(
        sync: run.sync,
        shape: shape,
        shapeNumber: shapeNumber,
        counted: comparison.counted
      )
      if let note = columns.note(on: first) { collector.report.notes.append(note) }
    }
    if policy.changesMax == nil {
      try judge(diff, known: known)
      while let batch = diff.nextRemovals() { try await preview.take(batch, collector) }
      collector.report.counts.removed = diff.counts.removed
    }
    if let remark = try await body.changedSettings() { collector.report.notes.append(remark) }
    if !collector.newTopics.isEmpty {
      let names = collector.newTopics.sorted()
      let rest = names.count > 10 ? " and \(names.count - 10) more" : ""
      collector.report.notes.append(
        "topics that would be created: \(names.prefix(10).joined(separator: ", "))\(rest)"
      )
    }
    if isFirst { collector.report.notes.append("no state: this would be the initial sync") }
    if policy.isSilent { collector.report.notes.append("`initial_sync: skip`: nothing is sent") }
  }

  private func noteModelChange(
    _ state: StateFile,
    _ shape: Shape,
    _ collector: PlanCollector
  ) async throws {
    guard let number = try await state.value(.shape).flatMap({ Int($0) }) else { return }
    let old = try await state.shape(number)
    if old.holdsTheSame(as: shape) { return }
    let oldNames = Set(old.columns.map(\.name))
    let newNames = Set(shape.columns.map(\.name))
    var parts: [String] = []
    let added = shape.columns.map(\.name).filter { !oldNames.contains($0) }
    let dropped = old.columns.map(\.name).filter { !newNames.contains($0) }
    if !added.isEmpty { parts.append("new columns: \(added.joined(separator: ", "))") }
    if !dropped.isEmpty { parts.append("dropped columns: \(dropped.joined(separator: ", "))") }
    if parts.isEmpty { parts.append("types of columns changed") }
    let effect =
      run.sync.onModelChange == .resend
      ? "every row is sent again" : "the snapshot takes the new shape, nothing is sent for it"
    collector.report.notes.append("the model changed (\(parts.joined(separator: "; "))): \(effect)")
  }

  private func scan(
    _ diff: Diff,
    _ preview: PlanPreview,
    _ collector: PlanCollector
  ) async throws {
    let page = Page()
    while try await run.source.read(into: page) {
      try run.interruption.check()
      for batch in diff.process(page) { try await preview.take(batch, collector) }
      if diff.isAtLimit { break }
    }
    for last in diff.finishRows() { try await preview.take(last, collector) }
    collector.report.counts.read = diff.counts.read
    collector.report.counts.unchanged = diff.counts.unchanged
    collector.report.counts.added = diff.counts.added
    collector.report.counts.changed = diff.counts.changed
    collector.report.counts.invalid = diff.counts.invalid
  }

  private func judge(_ diff: Diff, known: Int) throws {
    let counts = diff.counts
    let guards = Guards(
      settings: run.sync.guards,
      allowsRemovals: run.options.allowsRemovals
    )
    try guards.judge(
      removed: diff.countRemovals(),
      valid: counts.added + counts.changed + counts.unchanged,
      known: known,
      sync: run.sync.name
    )
  }
}

/// Gathers a plan while it is made.
final class PlanCollector {
  var report: PlanReport
  /// Topics that the run would create.
  var newTopics: Set<String> = []
  /// The first batch with a changed row.
  var firstChanges: DeliverableBatch?

  init(sync: String) {
    report = PlanReport(sync: sync)
  }
}

/// Composes the batches of a plan and keeps the first changes of each kind.
struct PlanPreview {
  let state: StateFile
  let composer: Composer
  let shapes: ShapeCatalog
  let shapeNumber: Int
  let primaryKey: [String]
  let samplesMax: Int
  let sink: any MessageSink
  let sync: SyncSettings

  func take(_ batch: ChangeBatch, _ collector: PlanCollector) async throws {
    let deliverable = try await state.preview(batch, shape: shapeNumber)
    if collector.firstChanges == nil, batch.changes.contains(where: { $0.kind == .changed }) {
      collector.firstChanges = deliverable
    }
    let rows = RowsToSend(deliverable)
    let composed = ComposedBatch()
    composer.compose(rows, into: composed)
    if sink.newTopicPartitions != nil {
      collector.newTopics.formUnion(
        composed.messages.topics.filter { sink.partitions(of: $0) == nil }
      )
    }
    if let unknown = composed.unknownTopics.first, sync.unknownTopic == .fail {
      // As in a run: nothing of the batch is sent.
      collector.report.counts.failed += deliverable.changes.count
      collector.report.error =
        collector.report.error
        ?? .missingTopic(
          unknown.topic,
          of: sink.name,
          key: key(of: unknown.position, rows),
          rows: deliverable.changes.count
        )
      return
    }
    collector.report.counts.submitted += composed.messages.messages.count
    collector.report.counts.rejected += composed.rejected.count + composed.unknownTopics.count
    collector.report.counts.moved += composed.moved
    collector.report.counts.ignoredPartitions += composed.ignoredPartitions
    for item in rows.items {
      let known = collector.report.samples.count { $0.change == item.change }
      if known < samplesMax {
        collector.report.samples.append(sample(item, rows, composed))
      } else if collector.report.samples.count >= samplesMax * 3 {
        break
      }
    }
  }

  private func sample(
    _ item: RowsToSend.Item,
    _ rows: RowsToSend,
    _ composed: ComposedBatch
  ) -> PlanReport.Sample {
    let new = item.line < 0 ? [] : columns(rows.rows.line(Int(item.line)), rows.shape)
    let old =
      item.old < 0
      ? [] : columns(rows.oldRows.line(Int(item.old)), rows.oldShapes[Int(item.old)])
    let topic = composed.unknownTopics.first { $0.position == item.position }?.topic
    return PlanReport.Sample(
      change: item.change,
      row: key(of: item, rows),
      columns: differences(old, new, isAddition: item.change == .added),
      message: message(item, composed),
      reason: composed.rejected.first { $0.position == item.position }?.rejection.text
        ?? topic.map { BatchComposer.reason($0, nil) }
    )
  }

  private func key(of position: Int32, _ rows: RowsToSend) -> String {
    rows.items.first { $0.position == position }.map { key(of: $0, rows) } ?? "?"
  }

  private func key(of item: RowsToSend.Item, _ rows: RowsToSend) -> String {
    let line = item.line < 0 ? rows.oldRows.line(Int(item.old)) : rows.rows.line(Int(item.line))
    let shape = shapes[item.line < 0 ? rows.oldShapes[Int(item.old)] : rows.shape]
    return shape.flatMap { KeyText.text(of: line, $0, primaryKey: primaryKey) } ?? "?"
  }

  private func columns(
    _ line: UnsafeRawBufferPointer,
    _ shape: Int
  ) -> [(name: String, json: String)] {
    shapes[shape].map { RowText.columns(of: Array(line), $0) } ?? []
  }

  private func differences(
    _ old: [(name: String, json: String)],
    _ new: [(name: String, json: String)],
    isAddition: Bool
  ) -> [(name: String, old: String?, new: String?)] {
    let olds = Dictionary(old.map { ($0.name, $0.json) }) { first, _ in first }
    let news = Dictionary(new.map { ($0.name, $0.json) }) { first, _ in first }
    let names = new.map(\.name) + old.map(\.name).filter { news[$0] == nil }
    return names.map { ($0, isAddition ? nil : olds[$0], news[$0]) }.filter { $0.1 != $0.2 }
  }

  private func message(
    _ item: RowsToSend.Item,
    _ composed: ComposedBatch
  ) -> PlanReport.Message? {
    guard let index = composed.positions.firstIndex(of: item.position) else { return nil }
    let batch = composed.messages
    let message = batch.messages[index]
    func text(_ range: Range<Int>) -> String {
      String(decoding: batch.bytes.bytes(range), as: UTF8.self)
    }
    let key = message.key.map(text)
    let isDecided =
      key.map { !$0.contains(EventID.placeholder) } ?? (sync[item.change].partition != nil)
    return PlanReport.Message(
      topic: batch.topics[Int(message.topic)],
      partition: isDecided ? Int(message.partition) : nil,
      key: key,
      value: message.value.map(text)
    )
  }
}
