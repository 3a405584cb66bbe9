internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import Snapshot

/// What must be as the state remembers it before anything is sent.
extension RunBody {
  /// Stops where the state belongs to another database, and gives what it is to remember.
  func checkSource(_ now: SourceOrigin) async throws -> SourceOrigin {
    guard let text = try await state.value(.source) else { return now }
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
      hint: "`sluice recover \(sync.name) --adopt` continues with the new database, "
        + "`sluice reset \(sync.name)` starts over; is a variable of another environment set?"
    )
  }

  /// Stops where the state belongs to another cluster.
  func checkCluster(_ cluster: String) async throws {
    if let known = try await state.value(.cluster), known != cluster {
      throw RunError(
        .failed,
        "destination \(run.sink.name) is another cluster than the one this state delivered to "
          + "(\(cluster), not \(known))",
        hint: "`sluice recover \(sync.name) --adopt` takes the new cluster for the old one, "
          + "`sluice reset \(sync.name)` delivers everything to it again"
      )
    }
  }

  /// Stops where a topic was deleted and made again: what was delivered to it is gone.
  func checkTopics() async throws {
    let known = try await state.topicIDs()
    if known.isEmpty { return }
    let ids = await run.sink.topicIDs()
    let renewed = known.filter { name, id in ids[name].map { $0 != id } ?? false }.keys.sorted()
    guard let name = renewed.first else { return }
    throw RunError(
      .failed,
      "the topic '\(name)' was deleted and made again since the last run: what \(sync.name) "
        + "delivered to it is gone",
      hint: "`sluice recover \(sync.name) --adopt` goes on with the new topic, then "
        + "`sluice backfill \(sync.name)` sends every row to it"
    )
  }

  /// Says if topics gained partitions since the last run.
  func tellNewPartitions() async throws {
    for text in try await newPartitions() { run.note(text) }
  }

  /// What is to be said of topics that gained partitions since the last run.
  func newPartitions() async throws -> [String] {
    try await state.topicPartitions().sorted { $0.key < $1.key }.compactMap { topic, before in
      run.sink.partitions(of: topic).flatMap {
        PartitionGain(topic: topic, before: before, now: $0, sync: sync)?.text
      }
    }
  }

  func checkColumns(_ shape: Shape) throws(RunError) {
    try ColumnCheck(model: run.model, sync: sync).check(shape)
  }

  /// Says once for these settings and columns what they may not mean, and what they do not do.
  func remark(on shape: Shape, number: Int) async throws {
    let settings = SettingsHash.text(of: sync)
    let subject = "\(number) \(settings)"
    let told = try await state.value(.remarked)
    if told == subject { return }
    for remark in ConstantNames(sync: sync, shape: shape).keys { run.note("warning: \(remark)") }
    let isTold = told?.hasSuffix(" \(settings)") ?? false
    if !isTold, run.options.command == .run, let remark = try await changedSettings() {
      run.note("warning: \(remark)")
    }
    try await state.set(.remarked, to: subject)
  }

  /// What is to be said of settings that are not those under which every row was sent.
  func changedSettings() async throws -> String? {
    guard let known = try await state.value(.settingsHash), known != SettingsHash.text(of: sync)
    else { return nil }
    return "topic, key, headers or message changed since every row was sent: rows that do not "
      + "change keep their old messages; `sluice backfill \(sync.name)` sends all of them again"
  }

  func checkPrimaryKey() async throws {
    let key = run.model.primaryKey.map(\.value)
    guard let known = try await state.value(.primaryKey) else { return }
    guard known == key.joined(separator: "\n") else {
      let old = known.split(separator: "\n").joined(separator: ", ")
      throw RunError(
        .configuration,
        "the primary key of model '\(run.model.name)' changed from \(old) to "
          + key.joined(separator: ", "),
        at: run.model.primaryKey.first?.location,
        hint: "rows cannot be told apart by two keys: `sluice reset \(sync.name)`, "
          + "then the next run sends every row as added"
      )
    }
  }
}

extension RunBody {
  /// The steps that only look, of a run that is none: `purpose` stands for its id.
  init(lookingFor purpose: String, _ run: SyncRun, _ state: StateFile) {
    self.init(
      run: run,
      state: state,
      identity: RunIdentity(id: purpose, startedAt: WallClock.microseconds()),
      number: 0,
      recent: RecentMessages(countMax: 0, primaryKey: [])
    )
  }
}
