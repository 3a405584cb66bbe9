internal import Reports
internal import Settings
internal import State

/// What the steps of a plan tell.
extension PlanPins {
  /// The copy of the state is open.
  func begin(on state: StateFile) async throws {
    let isNew = try await state.meta().id == nil
    let lastRun = try await state.runs(limit: 1).first?.number ?? 0
    let firstBatch = try await state.nextBatchNumber()
    try await state.beginPins(draft: draft)
    update { found in
      found.state = state
      found.isNewState = isNew
      found.lastRun = lastRun
      found.firstBatch = firstBatch
    }
  }

  /// The rows of the snapshot are as the state has them.
  func noteBefore(_ state: StateFile) async throws {
    let digest = try await state.snapshotDigest()
    update { $0.before = digest }
  }

  /// They are loaded as this plan compares them.
  func note(_ prepared: PreparedSync, _ snapshot: Snapshot) {
    let digest = prepared.state.digest(
      of: snapshot,
      for: prepared.comparison,
      shapeNumber: prepared.shapeNumber
    )
    update { found in
      found.after = digest
      found.shapeNumber = prepared.shapeNumber
      found.counted = prepared.comparison.counted
    }
  }

  /// The scan begins.
  func begin(_ intent: ScanIntent) {
    update { found in
      found.figures = intent.figures
      found.isPartial = intent.isPartial
      found.isSilent = intent.isSilent
    }
  }

  /// The scan is complete, and guards would judge `figures`.
  func note(_ figures: GuardFigures, judged: Set<Guard>) {
    update { found in
      found.figures = figures
      found.judged = judged
    }
  }

  /// Every batch is composed; messages go to `topics`.
  func end(_ body: RunBody, topics: Set<String>) async throws {
    let sink = body.run.sink
    let ids = await sink.topics.ids()
    let created = (sink as? PreviewDestination)?.newTopics ?? []
    let pinned = topics.sorted().map { name in
      PinnedTopic(
        name: name,
        partitions: sink.topics.partitions(of: name) ?? 0,
        id: ids[name],
        isNew: created.contains(name)
      )
    }
    update { found in
      found.topics = pinned
      found.isComplete = true
    }
  }
}
