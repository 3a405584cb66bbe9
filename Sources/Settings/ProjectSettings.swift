/// Everything a project's files say, checked.
public struct ProjectSettings: Sendable {
  /// Absolute path of the project's folder.
  public var directory: String
  /// Sources by name.
  public var sources: [String: SourceSettings]
  /// Destinations by name.
  public var destinations: [String: DestinationSettings]
  /// Models by name.
  public var models: [String: ModelSettings]
  /// Syncs, sorted by name.
  public var syncs: [SyncSettings]
  /// Names of all syncs, also of those that cannot be used, sorted.
  public var syncNames: [String] = []
  /// Absolute path of the folder of the state files.
  public var stateDirectory: String
  /// How many runs a sync's history keeps.
  public var historyRuns: Int
  /// How many messages a sync's history keeps, 0 for none.
  public var historyMessages: Int
  /// Time zone of what people read, by its IANA name.
  public var timezone: String
  /// Values that must not be shown, wherever they turn up: passwords, and what references gave
  /// inside sources, destinations and alerts, unless it only says where something is.
  public var secrets: [Secret]
  /// Name of the environment whose file is laid over `sluice.yml`; nil for none.
  public var environment: String?
  /// Absolute path of the folder where the states lie without an environment.
  public var sharedStateDirectory: String
  /// The variables that files and connections refer to.
  public var variables = ProjectVariables()
  /// Who is told when something goes wrong; nil if the project does not say.
  public var alerts: AlertSettings?
  /// Where figures for Prometheus go; nil if the project does not say.
  public var metrics: MetricsSettings?

  /// Creates a project's settings.
  public init(
    directory: String,
    sources: [String: SourceSettings],
    destinations: [String: DestinationSettings],
    models: [String: ModelSettings],
    syncs: [SyncSettings],
    stateDirectory: String,
    historyRuns: Int,
    historyMessages: Int,
    timezone: String,
    secrets: [Secret] = []
  ) {
    self.directory = directory
    self.sources = sources
    self.destinations = destinations
    self.models = models
    self.syncs = syncs
    self.stateDirectory = stateDirectory
    sharedStateDirectory = stateDirectory
    self.historyRuns = historyRuns
    self.historyMessages = historyMessages
    self.timezone = timezone
    self.secrets = secrets
  }
}

/// A source or a destination by its name.
public enum ConnectionName: Sendable, Hashable {
  /// A source.
  case source(String)
  /// A destination.
  case destination(String)
}

/// The variables that a project refers to, by the place that does.
public struct ProjectVariables: Sendable {
  /// Those of each source and destination.
  public var connections: [ConnectionName: [VariableUse]] = [:]
  /// Those of each file; of `sluice.yml` those outside of connections.
  public var files: [String: [VariableUse]] = [:]

  /// None.
  public init() {}

  private var all: [VariableUse] {
    connections.values.flatMap(\.self) + files.values.flatMap(\.self)
  }

  /// Names of the variables whose value comes from outside of the files of the project, or from
  /// `.env`, sorted.
  public var names: [String] {
    let own = all.compactMap { use -> String? in
      switch use.origin {
      case .environment, .environmentFile, .unset: use.name
      case .fallback, .file, .credential, .command: nil
      }
    }
    return Set(own).sorted()
  }

  /// Names of the credentials, sorted.
  public var credentials: [String] {
    let own = all.compactMap { use -> String? in
      switch use.origin {
      case .credential: use.name
      case .environment, .environmentFile, .fallback, .file, .command, .unset: nil
      }
    }
    return Set(own).sorted()
  }

  /// Whether a program prints a secret.
  public var hasCommands: Bool {
    all.contains { use in
      switch use.origin {
      case .command: true
      case .environment, .environmentFile, .fallback, .file, .credential, .unset: false
      }
    }
  }
}

/// Where rows come from.
///
/// `identity` is what the state knows the database by, nil for what the database says itself.
public enum SourceSettings: Sendable {
  /// A Postgres server: libpq's connection keywords, and what `SET LOCAL` sets in each
  /// transaction, in order.
  case postgres(
    parameters: [(keyword: String, value: Secret)],
    session: [(String, String)],
    identity: String? = nil
  )
  /// A SQLite file by its absolute path; `isImmutable` opens it without locking, `shown` is the
  /// path relative to the project where it lies inside.
  case sqlite(path: String, isImmutable: Bool, shown: String? = nil, identity: String? = nil)
}

/// Where messages go.
public struct DestinationSettings: Sendable {
  /// How to reach a cluster.
  public enum Brokers: Sendable, Hashable {
    /// `host:port` of one or more brokers.
    case addresses([String])
    /// librdkafka's mock cluster in this process.
    case embedded
  }

  /// How to reach the cluster.
  public var brokers: Brokers
  /// `client.id`.
  public var clientID: String
  /// TLS; nil speaks in clear.
  public var tls: LoginSettings.TLS?
  /// The login; nil for none (or by client certificate).
  public var mechanism: LoginSettings.Mechanism?
  /// librdkafka's own settings.
  public var properties: [(name: String, value: Secret)]
  /// Longest wait for a connection.
  public var connectTimeout: Duration
  /// Longest wait for a message's acknowledgement.
  public var deliveryTimeout: Duration
  /// How missing topics are made; nil makes none.
  public var createTopics: TopicCreation?

  /// Creates a destination's settings.
  public init(
    brokers: Brokers,
    clientID: String = "sluice",
    tls: LoginSettings.TLS? = LoginSettings.TLS(),
    mechanism: LoginSettings.Mechanism? = nil,
    properties: [(name: String, value: Secret)] = [],
    connectTimeout: Duration = .seconds(30),
    deliveryTimeout: Duration = .seconds(300),
    createTopics: TopicCreation? = nil
  ) {
    self.brokers = brokers
    self.clientID = clientID
    self.tls = tls
    self.mechanism = mechanism
    self.properties = properties
    self.connectTimeout = connectTimeout
    self.deliveryTimeout = deliveryTimeout
    self.createTopics = createTopics
  }
}
