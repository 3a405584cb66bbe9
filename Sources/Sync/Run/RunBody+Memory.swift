internal import Settings
internal import State

/// What the state remembers of a run that came to its end.
extension RunBody {
  /// Remembers the ids of topics that were sent to for the first time, and the partitions of all.
  func remember(_ topics: Set<String>) async throws {
    let known = try await state.topicPartitions()
    let counts = Dictionary(
      topics.union(known.keys).compactMap { topic in
        run.sink.topics.partitions(of: topic).map { (topic, $0) }
      }
    ) { $1 }
    try await state.remember(topicPartitions: counts.filter { known[$0.key] != $0.value })
    let new = topics.subtracting(try await state.topicIDs().keys)
    if new.isEmpty { return }
    try await state.remember(topicIDs: await run.sink.topics.ids().filter { new.contains($0.key) })
  }

  /// Takes note that a complete result was taken in; batches from `firstBatch` on are of this run.
  func finish(_ shapeNumber: Int, firstBatch: Int) async throws {
    // Every row that was refused before was tried again since.
    try await state.forgetRefusals(before: firstBatch)
    let modelHash = ModelHash.text(of: run.model)
    let settingsHash = SettingsHash.text(of: sync)
    let isBackfill = run.options.command == .backfill
    let settings = try await state.use(sync, run.model)
    try await state.update { meta in
      // A state of an earlier Sluice does not know what made the messages until every row is sent.
      if !meta.isInitialized || isBackfill { meta.wholeSettings = settings }
      meta.isInitialized = true
      meta.shape = shapeNumber
      meta.modelHash = modelHash
      // Only if every row went out under these settings: until then `plan` names `backfill`.
      if meta.settingsHash == nil || isBackfill { meta.settingsHash = settingsHash }
      if isBackfill { meta.backfill = nil }
    }
  }

  /// Takes note that every row has the message that today's settings make of it, or will get it from
  /// the next run.
  func finishChangedMessages() async throws {
    let settingsHash = SettingsHash.text(of: sync)
    let settings = try await state.use(sync, run.model)
    try await state.update { meta in
      meta.settingsHash = settingsHash
      meta.wholeSettings = settings
    }
  }
}
