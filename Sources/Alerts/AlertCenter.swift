internal import SQLite
internal import Blocking
internal import Glibc
public import Reports
public import Settings

/// Judges what happens by the rules of a project, and tells its channels.
///
/// Nothing it does fails a run: what goes wrong is told to `log`, and tried again by the next run.
public struct AlertCenter: Sendable {
  /// Something that the reader of a log should know.
  public struct Remark: Sendable {
    /// The sync it is about; nil for none.
    public var sync: String?
    /// What happened.
    public var message: String
    /// Whether something went wrong.
    public var isFailure: Bool
  }

  let settings: AlertSettings
  let project: String
  let subjects: [AlertSubject]
  private let log: @Sendable (Remark) -> Void
  private let history: @Sendable (String) async -> [RunRecord]
  let store: AlertStore
  var sender: AlertSender
  /// Microseconds since 1970.
  var now: @Sendable () -> Int = { WallClock.microseconds() }

  /// Prepares to judge the syncs `subjects`, which are all of the project.
  ///
  /// `directory` is the folder of the states, `project` the name that alerts call it by,
  /// `environment` what commands get. `history` gives the last ``runsCompared`` runs of a sync, the
  /// latest first.
  public init(
    _ settings: AlertSettings,
    project: String,
    directory: String,
    subjects: [AlertSubject],
    environment: [String: String],
    history: @escaping @Sendable (String) async -> [RunRecord],
    log: @escaping @Sendable (Remark) -> Void
  ) {
    self.settings = settings
    self.project = project
    self.subjects = subjects
    self.log = log
    self.history = history
    store = AlertStore(in: directory)
    sender = AlertSender(environment: environment, host: Self.hostName)
  }

  /// How many earlier runs a rule looks at, at most.
  public static let runsCompared = 2 * RuleJudge.medianRunsMax

  /// Judges the run that ended, if there is one, and the staleness of all syncs; then delivers
  /// whatever waits.
  ///
  /// False if what is remembered cannot be read or written; that has been told.
  @discardableResult
  public func judge(_ run: RunReport? = nil) async -> Bool {
    let isJudged = await record(run)
    return await deliver() && isJudged
  }

  /// The same without delivering.
  @discardableResult
  func record(_ run: RunReport?) async -> Bool {
    let engine = AlertEngine(settings: settings, project: project)
    let observations = await observations(run)
    let (subjects, time, channels) = (subjects, now(), settings.channels.map(\.name))
    do throws(AlertStoreError) {
      let remembered = try await remembered()
      try await store.write { (connection) throws(SQLiteError) in
        let old = try AlertBook(connection)
        var book = old
        book.syncs.merge(remembered) { known, _ in known }
        let outbox = Outbox(connection: connection)
        try outbox.add(engine.judge(observations, subjects: subjects, now: time, &book))
        try outbox.keep(only: channels)
        try book.write(over: old, connection)
      }
      return true
    } catch {
      log(Remark(message: "alerts cannot be judged: \(error)", isFailure: true))
      return false
    }
  }

  private func observations(_ run: RunReport?) async -> [AlertObservation] {
    guard let run, let subject = subjects.first(where: { $0.name == run.sync }) else { return [] }
    var earlier: [RunRecord] = []
    if comparesRuns(of: subject) {
      earlier = await history(subject.name).filter { $0.id != run.runID || $0.id.isEmpty }
    }
    return [AlertObservation(subject, run, earlier: earlier)]
  }

  /// Whether a rule compares runs of `subject`, so that its history is needed.
  private func comparesRuns(of subject: AlertSubject) -> Bool {
    settings.rules.contains { rule in
      guard rule.covers(subject) else { return false }
      switch rule.condition {
      case .unusual, .rows, .duration(above: .median): return true
      case .failed, .guarded, .rejected, .stale, .duration(above: .time): return false
      }
    }
  }

  /// What the states know of syncs that alerts see for the first time.
  private func remembered() async throws(AlertStoreError) -> [String: SyncMemory] {
    let book = try await store.read { (connection) throws(SQLiteError) in try AlertBook(connection)
    }
    let time = now()
    var result: [String: SyncMemory] = [:]
    for subject in subjects where book?.syncs[subject.name] == nil {
      let runs = await history(subject.name)
      result[subject.name] = SyncMemory(
        firstSeen: time,
        firstAttempt: runs.last?.startedAt,
        lastSuccess: runs.first { $0.isComplete }?.finishedAt
      )
    }
    return result
  }

  // MARK: - Delivery

  /// Longest time of all deliveries, after which what waits is left to the next run.
  private static let deliveryTimeMax = Duration.seconds(30)

  /// Delivers whatever waits, each channel by itself; false if that cannot be read or written.
  @discardableResult
  func deliver() async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      for channel in settings.channels { group.addTask { await deliver(channel) } }
      return await group.reduce(true) { $0 && $1 }
    }
  }

  private func deliver(_ channel: AlertChannel) async -> Bool {
    let start = ContinuousClock.now
    do throws(AlertStoreError) {
      while ContinuousClock.now - start < Self.deliveryTimeMax {
        let time = now()
        let items = try await store.write { (connection) throws(SQLiteError) in
          try Outbox(connection: connection).claim(channel.name, now: time)
        }
        if items.isEmpty { return true }
        if try await !send(items, channel) { return true }
      }
      return true
    } catch {
      log(Remark(message: "alerts cannot be delivered: \(error)", isFailure: true))
      return false
    }
  }

  /// Sends `items` in order; false if one was not taken.
  private func send(
    _ items: [Outbox.Item],
    _ channel: AlertChannel
  ) async throws(AlertStoreError) -> Bool {
    for index in items.indices {
      var rest = Array(items[index...])
      let number = items[index].number
      do throws(AlertSender.Failure) {
        try await sender.send(items[index].notification, to: channel, reached: items[index].reached)
      } catch {
        rest[0].reached.formUnion(error.reached)
        let (left, reason) = (rest, error.description)
        try await store.write { (connection) throws(SQLiteError) in
          try Outbox(connection: connection).giveBack(left, error: reason)
        }
        tell(items[index].notification, channel, reason: reason)
        return false
      }
      try await store.write { (connection) throws(SQLiteError) in
        try Outbox(connection: connection).remove(number)
      }
      tell(items[index].notification, channel)
    }
    return true
  }

  private func tell(
    _ notification: AlertNotification,
    _ channel: AlertChannel,
    reason: String? = nil
  ) {
    let sync = notification.sync.isEmpty ? nil : notification.sync
    let name = "the channel \(channel.name) (\(channel.target.type))"
    let message =
      reason.map { "\(name) did not take an alert, the next run tries again: \($0)" }
      ?? "told \(name): \(notification.title)"
    log(Remark(sync: sync, message: message, isFailure: reason != nil))
  }

  /// Name of this machine.
  private static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    let name = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return name.isEmpty ? "localhost" : String(decoding: name, as: UTF8.self)
  }
}
