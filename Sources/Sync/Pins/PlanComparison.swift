internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// Compares what a pinned plan was made of with what there is now, and says what moved.
struct PlanComparison {
  private let plan: PinnedPlan
  private let state: StateFile

  private var header: PinHeader { plan.header }

  /// Compares `plan` with the sync's `state`.
  init(_ plan: PinnedPlan, _ state: StateFile) {
    self.plan = plan
    self.state = state
  }

  /// Stops if the plan was applied, or if the state is another one than the plan's; an empty one
  /// becomes the plan's.
  func claimState() async throws {
    let id = try await state.meta().id
    if id == header.stateID { return try await checkApplication() }
    guard id == nil else {
      throw stale("its sync has another state by now: it was reset, restored or made elsewhere")
    }
    guard let secret = header.secret else { throw Self.lostState(plan) }
    let stateID = header.stateID
    try await state.update { meta in
      meta.id = stateID
      meta.secret = secret
    }
  }

  /// A plan is applied once, except that an apply which was interrupted is finished.
  private func checkApplication() async throws {
    guard let earlier = try await state.application(ofPlan: plan.id),
      try await !state.isUnfinished(plan: plan.id)
    else { return }
    throw RunError(
      .failed,
      "the plan \(plan.id) was applied at "
        + "\(ReportTime.utc(milliseconds: Int64(earlier.time / 1000))) by \(earlier.run); "
        + "nothing was sent again",
      kind: .stalePlan,
      hint: "a plan is applied once: `sluice plan \(plan.sync) --save FILE` makes another one"
    )
  }

  /// The state that a plan was made of is gone.
  static func lostState(_ plan: PinnedPlan) -> RunError {
    RunError(
      .failed,
      "the plan \(plan.id) cannot be applied: the state that it was made of is gone",
      kind: .stalePlan,
      hint: again(plan.sync)
    )
  }

  // MARK: - What moved

  /// Stops if rows entered, changed in or left the snapshot, or something waits to be sent.
  ///
  /// `run` is the number of the run that applies the plan.
  func checkSnapshot(in run: Int, _ shapes: ShapeCatalog) async throws {
    let waiting = try await state.preparedBatches().count
    if waiting > 0 {
      throw stale("\(waiting) batches of another run wait to be sent; `sluice run` finishes them")
    }
    guard let comparison = plan.comparison else { throw RunError(plan.file.damage("shape")) }
    let now = try await state.snapshotDigest()
    let number = try await state.number(of: comparison.shape)
    var after = header.after
    after.basis = comparison.basis(number)
    if now == header.before || now == after { return try await checkMessages(before: run) }
    if now.basis != header.before.basis, now.basis != after.basis {
      throw stale("the columns that count, or their types, changed since: a run compared others")
    }
    throw stale(try await whatMoved(before: run, shapes, now))
  }

  /// Stops if a run sent messages, though the rows are the same: those of the plan may be older.
  private func checkMessages(before run: Int) async throws {
    var senders = try await runs(before: run).filter { $0.counts.map { $0.sent > 0 } ?? true }
    // Of a run that was killed nobody counted; if it delivered something, that is in the state.
    if senders.contains(where: { $0.counts == nil }),
      try await state.liveRows(from: header.firstBatch, countMax: 1).isEmpty
    {
      senders.removeAll { $0.counts == nil }
    }
    if let first = senders.last {
      let number = first.counts?.sent.messagesText ?? "messages"
      throw stale("\(number) were sent by \(first.id) (\(first.command))")
    }
  }

  /// The runs since the plan was made, except the one that applies it; the newest is first.
  private func runs(before run: Int) async throws -> [RunRecord] {
    try await state.runs(limit: Int(Int32.max)).filter {
      $0.number > header.lastRun && $0.number < run
    }
  }

  private func whatMoved(
    before run: Int,
    _ shapes: ShapeCatalog,
    _ now: SnapshotDigest
  ) async throws -> String {
    let runs = try await runs(before: run).filter { $0.counts?.hasChanges ?? true }
    var rows: [String] = []
    for run in runs.reversed() {
      rows += try await state.messages(run: run.number).compactMap(\.row)
    }
    let stored = try await state.liveRows(from: header.firstBatch, countMax: Self.rowsMax)
    rows += stored.compactMap { row in
      shapes[row.shape].flatMap { KeyText.text(of: row.line, $0, primaryKey: header.primaryKey) }
    }
    var seen: Set<String> = []
    rows = rows.filter { seen.insert($0).inserted }
    let by = runs.prefix(3).map { "\($0.id) (\($0.command))" }.joined(separator: ", ")
    let head =
      runs.isEmpty ? "the snapshot became another one" : "the snapshot was changed by \(by)"
    let named = rows.prefix(5).joined(separator: " · ") + (rows.count > 5 ? ", …" : "")
    let size = "\(header.before.rows) rows then, \(now.rows) now"
    return named.isEmpty ? "\(head); \(size)" : "\(head): rows \(named); \(size)"
  }

  private static let rowsMax = 100

  /// Stops if messages would go to another cluster, or a topic is not as it was.
  func checkDestination(_ sink: any Destination, cluster: String) async throws {
    if cluster != header.cluster {
      throw stale("its messages are for the cluster \(header.cluster), and this is \(cluster)")
    }
    if difference(sink.topics, await sink.topics.ids()) == nil { return }
    // A topic may have been made since the listing: brokers tell each other with a delay.
    try await sink.topics.refresh()
    if let text = difference(sink.topics, await sink.topics.ids()) { throw stale(text) }
  }

  private func difference(_ topics: any TopicDirectory, _ ids: [String: String]) -> String? {
    for topic in header.topics {
      guard let count = topics.partitions(of: topic.name) else {
        if topic.isNew, topics.newPartitions == topic.partitions { continue }
        return topic.isNew
          ? "the topic '\(topic.name)' would be created with another number of partitions"
          : "the topic '\(topic.name)' is gone"
      }
      if count != topic.partitions {
        return "the topic '\(topic.name)' has \(count) partitions, and had \(topic.partitions)"
      }
      if let then = topic.id, let now = ids[topic.name], then != now {
        return "the topic '\(topic.name)' was deleted and made again"
      }
    }
    return nil
  }

  private func stale(_ what: String) -> RunError {
    var error = RunError(
      .failed,
      "the plan \(plan.id) is stale: since it was made \(what); nothing was sent",
      kind: .stalePlan,
      hint: Self.again(plan.sync)
    )
    error.valueFree = "the plan \(plan.id) is stale; nothing was sent"
    return error
  }

  private static func again(_ sync: String) -> String {
    "plan again: `sluice plan \(sync) --save FILE`"
  }
}

extension RunCounts {
  /// Whether a run with these counts may have moved the snapshot.
  fileprivate var hasChanges: Bool {
    added + changed + removed + remembered + sent > 0
  }
}
