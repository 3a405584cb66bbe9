internal import Messages
internal import Reports
internal import Rows
internal import State

/// Sends prepared batches, at least once: produces, and commits what is acknowledged.
///
/// One task composes while another sends. Up to eight batches are under way or waiting for their
/// commit, fewer where they are more than the composer's ``ByteBudget``; they are committed in order.
/// Used by one task at a time.
final class AtLeastOnceDelivery: Delivery {
  private struct UnderWay {
    let shipment: Shipment
    var course: BatchCourse
    /// Places of the rows' own messages, as they were sent.
    var places: [Place] = []
    /// Those where they stand, to be written down.
    var standing: [Place] = []
  }

  private let composer: BatchComposer
  private let state: StateFile
  private let progress: RunProgress
  private let interruption: RunInterruption
  private let runNumber: Int
  private let isRecovery: Bool
  private let clock: RunClock
  private var waiting: WaitingNotice
  private let say: @Sendable (String) -> Void

  private var sink: any Destination { composer.sink }
  private var underWay: [UnderWay] = []
  private var places: StandingPlaces
  private var committedAt: ContinuousClock.Instant
  /// Since when nothing came although the run was asked to end.
  private var stalledAt: ContinuousClock.Instant?
  /// Whether an error ended it: then nothing more is sent.
  private var isEnding = false

  private static let underWayMax = 8
  private static let commitInterval = Duration.milliseconds(250)
  /// How long a run that was asked to end waits for a broker that is silent.
  private static let graceMax = Duration.seconds(10)

  /// Prepares to deliver; `places` are those of the messages of an earlier run that is finished
  /// here.
  init(
    _ composer: BatchComposer,
    of body: RunBody,
    isRecovery: Bool,
    places: StandingPlaces = StandingPlaces(),
    clock: RunClock = .live
  ) {
    self.composer = composer
    self.isRecovery = isRecovery
    self.places = places
    self.clock = clock
    waiting = WaitingNotice(clock: clock)
    say = body.run.note
    committedAt = clock.now()
    state = body.state
    progress = body.run.progress
    interruption = body.run.interruption
    runNumber = body.number
  }

  var needsPrevious: Bool { composer.needsPrevious }

  var failures: [RunError] { composer.failures }

  var topics: Set<String> { composer.topics }

  func deliver(_ feed: some BatchFeed) async throws {
    let feed = OneKindFeed(feed)
    do {
      repeat {
        try await composer.compose(feed) { ready in
          while let shipment = try await next(of: ready) { try await send(shipment) }
          // Removals and other changes are never under way together: each waits for the end of the
          // other.
          try await finish()
        }
      } while !composer.isStopped && feed.hasNextKind
    } catch {
      try await salvage()
      throw error
    }
    if composer.isStopped { throw TooManyRejections() }
  }

  /// The next composed batch; nil after the last.
  ///
  /// If the budget is full, takes reports until there is room: composing waits for it.
  private func next(of ready: BoundedQueue<Shipment>) async throws -> Shipment? {
    while true {
      // Asked first: what made it full is in the queue by then, except for the last batch.
      let isFull = composer.budget.isFull
      if let shipment = ready.poll() { return shipment }
      guard isFull, underWay.contains(where: { !$0.course.isSettled }) else {
        return await ready.receive()
      }
      try await takeReports()
    }
  }

  /// Sends a batch; returns while it is under way.
  private func send(_ shipment: Shipment) async throws {
    while mustWait { try await takeReports() }
    try interruption.check()
    let own = shipment.composition.map { _ in shipment.ownMessages }
    let placesToStand = shipment.places
    underWay.append(
      UnderWay(shipment: shipment, course: BatchCourse(own), places: placesToStand)
    )
    if let composition = shipment.composition {
      places.send(to: placesToStand)
      let sink = sink
      let topics = shipment.topics.filter { sink.topics.partitions(of: $0) != nil }
      try await interruption.race { try await sink.prepare(topics) }
      progress.update { $0.submitted += composition.messageCount }
    }
    try await advance(underWay.count - 1)
    try await takeReports(waitingUpTo: .zero)
  }

  private var mustWait: Bool {
    underWay.count >= Self.underWayMax || underWay.contains { $0.course.isSearching }
  }

  /// Waits until everything is acknowledged and committed.
  private func finish() async throws {
    while underWay.contains(where: { !$0.course.isSettled }) { try await takeReports() }
    try await commit()
  }

  /// After an error: commits the oldest batches that are fully acknowledged, as far as they go.
  private func salvage() async throws {
    isEnding = true
    for report in await sink.abandon(waitingUpTo: .seconds(10)) {
      try? await take(report)
    }
    for index in underWay.indices { try? await advance(index) }
    try await commit()
  }

  // MARK: - Reports

  private func takeReports(waitingUpTo timeout: Duration = .milliseconds(250)) async throws {
    let reports = await sink.completed(waitingUpTo: timeout)
    for report in reports { try await take(report) }
    for index in underWay.indices { try await advance(index) }
    let isWaiting = reports.isEmpty && underWay.contains { !$0.course.isSettled }
    if waiting.isDue(isWaiting: isWaiting) { say(composer.waitingText) }
    try checkGrace(isStalled: reports.isEmpty && interruption.isRequested)
    let settled = underWay.prefix(while: \.course.isSettled).count
    let isDue = clock.now() - committedAt >= Self.commitInterval
    if settled >= Self.underWayMax || (settled > 0 && isDue) { try await commit() }
  }

  private func checkGrace(isStalled: Bool) throws {
    guard isStalled else {
      stalledAt = nil
      return
    }
    let since = stalledAt ?? clock.now()
    stalledAt = since
    if clock.now() - since > Self.graceMax { try interruption.check() }
  }

  private func take(_ report: DeliveryReport) async throws {
    guard let index = underWay.firstIndex(where: { $0.shipment.batch.number == report.number })
    else { return }
    let shipment = underWay[index].shipment
    shipment.take(report)
    let outcome = underWay[index].course.take(report.failures)
    if !outcome.refused.isEmpty {
      await composer.reject(shipment, outcome.refused)
      // A run that ends here leaves the next one what it knows.
      try await state.note([shipment.refusal])
    }
    guard let failure = outcome.failure else { return }
    // Why something failed is asked over a new connection: a run that ends does not wait for that.
    if isEnding { throw failure.error }
    throw await failure.error.stop(sink)
  }

  /// Does whatever is next with a batch, until it has to wait.
  private func advance(_ index: Int) async throws {
    if underWay[index].course.isSettled, underWay[index].shipment.composition == nil { return }
    while true {
      switch step(index) {
      case .wait: return
      case .send(let round):
        if isEnding { return }
        try await submit(round, index)
      case .ownSettled:
        underWay[index].standing = underWay[index].shipment.places
        places.resolve(underWay[index].places, arrived: underWay[index].standing)
      case .settled: return acknowledge(index)
      }
    }
  }

  private func step(_ index: Int) -> BatchCourse.Step {
    let (shipment, places) = (underWay[index].shipment, places)
    var withheld: Set<Int> = []
    let step = underWay[index].course.next(
      nullValues: { shipment.nullValues },
      verdict: { message in
        shipment.place(of: message).map { places.verdict(on: $0) } ?? .free
      },
      withheld: &withheld
    )
    shipment.hold(withheld, .placeTaken)
    return step
  }

  private func submit(_ round: RefusalSearch<Int>.Round, _ index: Int) async throws {
    let shipment = underWay[index].shipment
    guard let composition = shipment.composition else { return }
    var selection = Selection.subset(round.messages)
    if let perRequest = round.width.messages {
      selection = .isolated(round.messages, perRequest: perRequest)
    } else if round.messages.count == composition.messageCount {
      selection = .all
    }
    let envelope = shipment.envelopeToSubmit()
    try await sink.submit(envelope, number: shipment.batch.number, selection)
  }

  /// Notes that every message of a batch is settled.
  private func acknowledge(_ index: Int) {
    let shipment = underWay[index].shipment
    let (delivered, bytes) = (shipment.deliverableCount, shipment.deliverableBytes)
    let isRecovery = isRecovery
    progress.update {
      $0.sent += delivered
      $0.sentBytes += bytes
      if isRecovery { $0.resent += delivered }
    }
    composer.unload(shipment)
  }

  private func commit() async throws {
    committedAt = clock.now()
    let settled = underWay.prefix(while: \.course.isSettled)
    if settled.isEmpty { return }
    let places = settled.filter { !$0.standing.isEmpty }.map { batch in
      (batch.shipment.batch.number, StandingPlaces.bytes(of: batch.standing))
    }
    try await progress.committing(.state) {
      try await state.note(places: Dictionary(places) { $1 })
      try await state.commit(settled.map(\.shipment.settlement))
    }
    underWay.removeFirst(settled.count)
    let problems = settled.flatMap(\.shipment.problems)
    if !problems.isEmpty { try await state.report(problems, run: runNumber) }
  }
}
