import Blocking
import CRdKafka
public import KafkaProtocol
public import Rows
import Settings

/// Sends batches of messages to one cluster, from a thread of its own.
///
/// Every call blocks that thread at most as long as its `timeout` says. ``interrupt()`` ends
/// whatever is waiting.
public actor KafkaProducer {
  /// How messages are sent.
  public private(set) var options: ProducerOptions

  private(set) var client: ProducerClient
  var inFlight = InFlightBatches()
  /// What librdkafka last complained about, to explain a timeout.
  var lastComplaint: KafkaError?

  /// Until when the group's coordinator is taken to be there.
  var coordinatorKnownUntil: Deadline?

  private let executor: ThreadExecutor
  private let settings: [String: String]
  private let callbacks: LoginCallbacks?
  var arguments = ProduceArguments()
  var window = SendWindow()
  /// How many messages the clients have; below zero for a moment if some are reported while more are
  /// handed over.
  var held = 0
  /// Clients that put few messages into a request, by how many.
  var isolatedClients: [Int: ProducerClient] = [:]
  /// Whether a message of the open transaction failed: librdkafka then sends no more of it.
  var isTransactionSpoiled = false
  private let interruption = Interruption()

  /// The thread this producer lives on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Creates a producer with librdkafka's own `settings`.
  ///
  /// `login` brings the brokers and the way in; without it `bootstrap.servers` is among `settings`.
  /// What Sluice decides (``OwnedProperty``) is set here over whatever is given. Connects
  /// in the background; nothing is asked of the cluster yet.
  /// Throws if librdkafka refuses a setting.
  public init(
    settings: [String: String],
    login: ClusterLogin? = nil,
    options: ProducerOptions = ProducerOptions()
  ) throws(KafkaError) {
    callbacks = login.map { LoginCallbacks($0) }
    self.settings = settings.merging(callbacks?.settings ?? [:]) { _, login in login }
    self.options = options
    let complete = options.complete(self.settings)
    client = try ProducerClient(settings: complete, callbacks: callbacks)
    executor = ThreadExecutor()
  }

  deinit {
    executor.stop()
  }

  /// Ends every wait of this producer, now and later; callable from any thread.
  ///
  /// What was not handed to librdkafka yet is reported as `.stopped`.
  public nonisolated func interrupt() {
    interruption.request()
  }

  /// Makes ready for `topics`, which must be known to exist.
  ///
  /// Only then can messages be sent to them. Call ``metadata(timeout:)`` before, or the first
  /// batch waits until librdkafka has learned about their partitions.
  /// Throws if librdkafka cannot open a topic.
  public func prepare(topics: [String]) throws(KafkaError) {
    try client.prepare(topics)
    for isolated in isolatedClients.values { try isolated.prepare(topics) }
  }

  /// Keeps requests below `bytes`, the smallest `max.message.bytes` of the topics.
  ///
  /// A larger request would be refused whole, innocent messages with it. Nothing may be in flight;
  /// a transactional producer calls this before ``initTransactions(timeout:)``. Does nothing where
  /// requests are small enough already.
  public func limitRequests(to bytes: Int) throws(KafkaError) {
    // Room for what frames the messages of a request.
    let limit = max(bytes - 512, 1)
    guard limit < options.requestBytesMax else { return }
    guard inFlight.isEmpty else {
      throw KafkaError(code: .unsupported, message: "requests are limited before messages are sent")
    }
    var smaller = options
    smaller.requestBytesMax = limit
    client = try makeClient(smaller.complete(settings))
    options = smaller
    isolatedClients = [:]
    held = 0
  }

  /// Hands the messages that `selection` picks of `envelope` to librdkafka, which copies them.
  ///
  /// Returns when all are taken or settled; while librdkafka is full it waits for deliveries, at
  /// most ``ProducerOptions/deliveryTimeout`` and half a minute. ``completed(waitingUpTo:)`` or
  /// ``abandon(waitingUpTo:)`` hands the envelope back. A transactional producer isolates messages
  /// only by ``ProducerOptions/messagesPerRequestMax``. Throws if librdkafka cannot make the client
  /// that sends isolated messages; nothing is taken then.
  public func submit(
    _ envelope: sending Envelope,
    number: Int,
    _ selection: Selection = .all
  ) throws(KafkaError) {
    var client = self.client
    var perRequest = options.messagesPerRequestMax
    if case .isolated(_, let count) = selection {
      client = try isolationClient(count)
      perRequest = count
      awaitAll(before: Deadline(after: options.deliveryTimeout), orInterrupted: true)
    }
    arguments.use(headerNames: envelope.headerNames)
    let contents = envelope.takeContents()
    let submission = Submission(
      serial: inFlight.open(
        number,
        count: contents.messages.count,
        selection,
        isolated: perRequest == 1
      ),
      client: client,
      topics: client.handles(of: envelope.topics),
      deadline: Deadline(after: options.deliveryTimeout + .seconds(30))
    )
    enqueue(selection.indexes(of: contents.messages.count), of: contents, in: submission)
    envelope.put(contents)
    inFlight.keep(Handover(envelope), serial: submission.serial)
    serve(client, waiting: 0)
  }

  /// Hands back the batches whose every message is settled, in the order of their submission.
  ///
  /// Waits up to `timeout` for the first of them; returns at once when nothing is in flight.
  public func completed(waitingUpTo timeout: Duration) -> [BatchReport] {
    let deadline = Deadline(after: timeout)
    serveAll(waiting: 0)
    while !inFlight.isFirstSettled, !inFlight.isEmpty, !deadline.isPast, !interrupted {
      purgeSpoiledTransaction()
      serveAll(waiting: deadline.milliseconds(atMost: isTransactionSpoiled ? 5 : 100))
    }
    return inFlight.takeSettled()
  }

  /// How many messages librdkafka still has.
  public var pending: Int { inFlight.pending }

  /// Bytes of one message, at most: librdkafka's own `message.max.bytes`.
  public var messageBytesMax: Int { options.messageBytesMax(settings) }

  /// What this producer died of, if it did: every later message would fail.
  public var fatalError: KafkaError? {
    client.fatalError ?? isolatedClients.values.lazy.compactMap(\.fatalError).first
  }

  /// What librdkafka last said about its connections; nil when nothing was wrong.
  public var complaint: KafkaError? {
    callbacks?.login.lastFailure.map { KafkaError($0) } ?? lastComplaint
  }

  /// Gives up what is in flight and hands back every batch.
  ///
  /// Messages still waiting are dropped; those under way get up to `timeout` for their answer and
  /// are then dropped too, their fate unknown.
  public func abandon(waitingUpTo timeout: Duration) -> [BatchReport] {
    let deadline = Deadline(after: timeout)
    purge(RD_KAFKA_PURGE_F_QUEUE)
    awaitAll(before: deadline)
    if inFlight.pending > 0 {
      purge(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
      awaitAll(before: Deadline(after: .seconds(1)))
    }
    return inFlight.takeAll(
      KafkaError(code: .timedOut, message: "given up before the brokers answered")
    )
  }

  // MARK: - Inside

  nonisolated var interrupted: Bool { interruption.isRequested }

  /// Waits until every message in flight is settled.
  func awaitAll(before deadline: Deadline, orInterrupted: Bool = false) {
    serveAll(waiting: 0)
    while inFlight.pending > 0, !deadline.isPast, !(orInterrupted && interrupted) {
      serveAll(waiting: deadline.milliseconds(atMost: 100))
    }
  }

  /// The login for connections that are not librdkafka's.
  func ownLogin() throws(KafkaError) -> ClusterLogin {
    if let callbacks { return callbacks.login }
    let security = settings["security.protocol"] ?? "plaintext"
    guard security == "plaintext" else {
      throw KafkaError(code: .unsupported, message: "\(security) needs a login beside the settings")
    }
    let brokers = (settings["bootstrap.servers"] ?? "").split(separator: ",").map(String.init)
    do throws(LoginError) {
      return try ClusterLogin(LoginSettings(brokers: brokers, tls: nil))
    } catch {
      throw KafkaError(error)
    }
  }

  /// The client that puts at most `count` messages into a request.
  private func isolationClient(_ count: Int) throws(KafkaError) -> ProducerClient {
    if options.messagesPerRequestMax == count { return client }
    guard options.transactionalID == nil else {
      throw KafkaError(
        code: .unsupported,
        message: "a transactional producer isolates messages by its options only"
      )
    }
    if let known = isolatedClients[count] { return known }
    var isolating = options
    isolating.messagesPerRequestMax = count
    let made = try makeClient(isolating.complete(settings))
    isolatedClients[count] = made
    return made
  }

  /// Makes one more client, ready for the topics that are prepared.
  private func makeClient(_ settings: [String: String]) throws(KafkaError) -> ProducerClient {
    let made = try ProducerClient(settings: settings, callbacks: callbacks)
    let topics = client.topicNames
    // Without the partitions in its cache the first message would wait a second.
    if !topics.isEmpty { _ = try? fetchMetadata(with: made, before: Deadline(after: .seconds(10))) }
    try made.prepare(topics)
    return made
  }
}
