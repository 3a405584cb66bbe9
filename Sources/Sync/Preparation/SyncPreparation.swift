internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// What comes before the first row, for a run, a plan and a look at a row alike: connections are
/// asked, the state is compared with what they say, and the query is opened.
struct SyncPreparation {
  let run: SyncRun
  let state: StateFile
  let identity: RunIdentity
  /// The columns of stored and of new lines, by the number of their shape.
  let shapes: ShapeCatalog
  let composer: Composer

  var sync: SyncSettings { run.sync }
  var primaryKey: [String] { run.model.primaryKey.map(\.value) }

  /// Reads from `state` what composing needs.
  init(_ run: SyncRun, state: StateFile, identity: RunIdentity) async throws {
    self.run = run
    self.state = state
    self.identity = identity
    shapes = ShapeCatalog(try await state.shapes())
    // No id is shown that nobody will ever send.
    let isSent = (!run.isPlan || run.pins != nil) && !run.isInspection
    if let pins = run.pins { try await pins.begin(on: state) }
    let stateID = isSent ? try await state.identity().id : nil
    composer = Self.makeComposer(run, identity: identity, stateID: stateID, shapes: shapes)
  }

  private static func makeComposer(
    _ run: SyncRun,
    identity: RunIdentity,
    stateID: String?,
    shapes: ShapeCatalog
  ) -> Composer {
    let sink = run.sink
    let first = identity.startedAt / 1000 & 0xFFFF
    let topics = Topics(firstPartition: first) { topic in
      sink.topics.partitions(of: topic).map { $0 > 0 ? .count($0) : .unknown } ?? .unknown
    }
    return Composer(
      sync: run.sync,
      model: run.model,
      stateID: stateID,
      run: identity,
      topics: topics,
      shapeOf: { shapes[$0] }
    )
  }

  /// Connects to both sides, stops if the state belongs to others, and else remembers them.
  ///
  /// Returns why the source cannot be asked: what was written down is finished without it.
  func connect() async throws -> RunError? {
    let source = run.source
    run.interruption.onRequest { source.cancel() }
    let cluster = try await connectDestination()
    let unreachable = try await rememberSource()
    try await checkTopics()
    try await state.update { $0.cluster = cluster }
    return unreachable
  }

  /// Connects to the destination and returns its cluster; stops if the state belongs to another.
  func connectDestination() async throws -> String {
    let sink = run.sink
    let cluster = try await run.interruption.race { try await sink.connect() }
    try await checkCluster(cluster)
    return cluster
  }

  private func rememberSource() async throws -> RunError? {
    let origin: SourceOrigin
    do {
      origin = try await run.source.origin()
    } catch {
      try run.interruption.check()
      return SyncRun.runError(error)
    }
    let known = try await checkSource(origin).text
    try await state.update { $0.source = known }
    return nil
  }

  /// Opens the query, and stops if its columns or the primary key are not what the sync needs.
  func open() async throws -> PreparedSync {
    let shape = try await run.source.open(run.model)
    try checkColumns(shape)
    try await checkPrimaryKey()
    let number: Int
    if run.isInspection {
      number = try await state.number(of: shape)
    } else {
      let key = primaryKey
      try await state.update { $0.primaryKey = key }
      number = try await state.remember(shape)
    }
    shapes[number] = shape
    if let encoder = run.encoder {
      try await composer.prepare(encoder, for: shapes.all)
    }
    if !run.isInspection { try composer.use(shape, number: number) }
    let counted = sync.changedWhen.value.counted(of: shape.columns.map(\.name), key: primaryKey)
    return PreparedSync(
      preparation: self,
      shape: shape,
      shapeNumber: number,
      comparison: StateFile.Comparison(shape: shape, key: primaryKey, counted: counted)
    )
  }
}
