internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// What must be as the state remembers it before anything is sent.
extension SyncPreparation {
  /// Stops if the state belongs to another database, and gives what it is to remember.
  func checkSource(_ now: SourceOrigin) async throws -> SourceOrigin {
    guard let text = try await state.meta().source else { return now }
    guard let known = SourceOrigin(text: text) else {
      run.note(
        "this state was written before Sluice remembered databases: from now on it belongs to "
          + now.described
      )
      return now
    }
    guard let difference = known.difference(from: now) else { return known.updated(by: now) }
    throw RunError(
      .failed,
      "source \(run.source.name) is another database than the one \(sync.name) was delivered from: "
        + difference,
      kind: .anotherDatabase,
      hint: "`sluice recover \(sync.name) --adopt` continues with the new database, "
        + "`sluice reset \(sync.name)` starts over; is a variable of another environment set?"
    )
  }

  /// Stops if the state belongs to another cluster.
  func checkCluster(_ cluster: String) async throws {
    if let known = try await state.meta().cluster, known != cluster {
      throw RunError(
        .failed,
        "destination \(run.sink.name) is another cluster than the one this state delivered to "
          + "(\(cluster), not \(known))",
        kind: .anotherCluster,
        hint: "`sluice recover \(sync.name) --adopt` takes the new cluster for the old one, "
          + "`sluice reset \(sync.name)` delivers everything to it again"
      )
    }
  }

  /// Stops if a topic was deleted and made again: what was delivered to it is gone.
  func checkTopics() async throws {
    let known = try await state.topicIDs()
    if known.isEmpty { return }
    let sink = run.sink
    let ids = try await run.interruption.race { await sink.topics.ids() }
    let renewed = known.filter { name, id in ids[name].map { $0 != id } ?? false }.keys.sorted()
    guard let name = renewed.first else { return }
    throw RunError(
      .failed,
      "the topic '\(name)' was deleted and made again since the last run: what \(sync.name) "
        + "delivered to it is gone",
      kind: .renewedTopic,
      hint: "`sluice recover \(sync.name) --adopt` continues with the new topic, then "
        + "`sluice backfill \(sync.name)` sends every row to it"
    )
  }

  /// Says if topics gained partitions since the last run.
  func tellNewPartitions() async throws {
    for (topic, before) in try await state.topicPartitions().sorted(by: { $0.key < $1.key }) {
      guard let now = run.sink.topics.partitions(of: topic),
        let gain = PartitionGain(topic: topic, before: before, now: now, sync: sync)
      else { continue }
      run.note(gain.text)
    }
  }

  func checkColumns(_ shape: Shape) throws(RunError) {
    try ColumnCheck(model: run.model, sync: sync).check(shape)
  }

  /// Says what the settings may not mean, and what they do not do, once for these settings and
  /// columns; a plan says it each time.
  func remark(on shape: Shape, number: Int) async throws {
    let settings = SettingsHash.text(of: sync)
    let subject = "\(number) \(settings)"
    let told = run.isPlan ? nil : try await state.meta().remarked
    if told == subject { return }
    for remark in ConstantNames(sync: sync, shape: shape).keys { run.warn(remark) }
    let isTold = told?.hasSuffix(" \(settings)") ?? false
    let changed = isTold ? nil : try await changedSettings()
    // A backfill of some rows is not told of it, and the run after it is.
    if changed != nil, run.options.command != .run { return }
    if let changed { run.warn(changed) }
    try await state.update { $0.remarked = subject }
  }

  /// What is to be said of settings that are not those under which every row was sent.
  func changedSettings() async throws -> String? {
    guard let known = try await state.meta().settingsHash, known != SettingsHash.text(of: sync)
    else { return nil }
    return "topic, key, headers or message changed since every row was sent: rows that do not "
      + "change keep their old messages; `sluice backfill \(sync.name) --changed-messages` sends "
      + "those that differ, `sluice backfill \(sync.name)` all"
  }

  func checkPrimaryKey() async throws {
    let key = run.model.primaryKey.map(\.value)
    let known = try await state.meta().primaryKey
    guard known.isEmpty || known == key else {
      throw RunError(
        .configuration,
        "the primary key of model '\(run.model.name)' changed from "
          + known.joined(separator: ", ") + " to "
          + key.joined(separator: ", "),
        kind: .changedKey,
        at: run.model.primaryKey.first?.location,
        hint: "rows cannot be told apart by two keys: `sluice reset \(sync.name)`, "
          + "then the next run sends every row as added"
      )
    }
  }

  /// Stops if a topic that is the same for every row does not exist, whether rows changed or not.
  func checkFixedTopics() async throws {
    guard sync.unknownTopic == .fail, run.sink.topics.newPartitions == nil,
      run.options.command != .resetToCurrent
    else { return }
    for change in Change.allCases where sync[change].isSelected {
      guard let topic = sync[change].topic.value.constantText,
        run.sink.topics.partitions(of: topic) == nil
      else { continue }
      // It may have been made since the listing: brokers tell each other with a delay.
      let sink = run.sink
      try await run.interruption.race { try await sink.topics.refresh() }
      if run.sink.topics.partitions(of: topic) != nil { continue }
      throw RunError(
        .failed,
        "destination \(run.sink.name) has no topic '\(topic)', which every row that is "
          + "\(change.rawValue) goes to",
        kind: .unknownTopic,
        hint: "create the topic, or set `create_topics` at the destination"
      )
    }
  }
}
