import Settings

extension KeyVariants {
  /// One of `sources`.
  static let source = KeyVariants(
    key: "type",
    tables: [("postgres", .postgres), ("sqlite", .sqlite)]
  )

  /// `sasl`.
  static let login = KeyVariants(
    key: "mechanism",
    tables: LoginReader.Mechanism.allCases.map { mechanism in
      let choice = KeyTable.Key.required(
        "mechanism",
        .choice([mechanism.rawValue]),
        says: "How Sluice logs in"
      )
      return (mechanism.rawValue, KeyTable("'sasl'", [choice] + mechanism.keys))
    }
  )
}

extension KeyTable {
  /// A SQLite source.
  static let sqlite = KeyTable(
    "a SQLite source",
    [
      .required("type", .choice(["sqlite"]), says: "What kind of database it is"),
      .required("path", .string, says: "The path of the file, relative to the project"),
      .optional("immutable", .boolean, says: "Open it without locking, at your own risk"),
      identity,
    ]
  )

  /// A Postgres source.
  static let postgres = KeyTable(
    "a Postgres source",
    [
      .required("type", .choice(["postgres"]), says: "What kind of database it is"),
      .optional("url", .string, says: "A libpq URI or key=value string"),
      .optional("session", .map(.text), says: "Settings of the session, such as statement_timeout"),
      identity,
    ]
      + PostgresKeywords.all.map {
        .optional($0, PostgresKeywords.shape(of: $0), says: "The keyword \($0) of libpq")
      },
    list: "type, url, session, identity and the keywords of libpq"
  )

  private static let identity = Key.optional(
    "identity",
    .text,
    says: "What states know this database by, in place of its host and name"
  )

  /// One of `destinations`.
  static let destination = KeyTable(
    "a destination",
    [
      .required("type", .choice(["kafka"]), says: "What kind of destination it is"),
      .required("brokers", .strings, says: "Brokers as host:port, or embedded"),
      .optional("client_id", .string, says: "How brokers know this client"),
      .optional(
        "tls",
        .either([.boolean, .table(tls)]),
        says: "Whether connections are encrypted"
      ),
      .optional(
        "ca",
        certificateFile,
        says: "Authorities that are trusted; the system's by default"
      ),
      .optional("certificate", certificateFile, says: "The client's certificate, for mutual TLS"),
      .optional(
        "private_key",
        .either([.string, .table(privateKey)]),
        says: "The key of the certificate"
      ),
      .optional("sasl", .variants(.login), says: "How Sluice logs in"),
      .optional("properties", .map(.text), says: "Settings of librdkafka by their own names"),
      .optional("timeouts", .table(timeouts), says: "How long brokers are waited for"),
      .optional(
        "create_topics",
        .either([.boolean, .table(topicCreation)]),
        says: "How topics are made that are missing; false makes none"
      ),
    ]
  )

  /// `tls` as a map.
  static let tls = KeyTable(
    "'tls'",
    [.required("verify", .boolean, says: "Whether the brokers' certificates are checked")]
  )

  /// A certificate as a map.
  static let certificate = KeyTable(
    "a certificate",
    [.required("file", .string, says: "The path of a file, or PEM text")]
  )

  /// A private key as a map.
  static let privateKey = KeyTable(
    "a private key",
    [
      .required("file", .string, says: "The path of a file, or PEM text"),
      .optional("password", .text, says: "What the key is encrypted with"),
    ]
  )

  static let certificateFile = KeyShape.either([.string, .table(certificate)])

  /// `timeouts`.
  static let timeouts = KeyTable(
    "'timeouts'",
    [
      .optional("connect", .duration, says: "How long a connection may take"),
      .optional(
        "delivery",
        .duration,
        says: "How long a message may take until it is acknowledged"
      ),
    ]
  )

  /// `create_topics` as a map.
  static let topicCreation = KeyTable(
    "'create_topics'",
    [
      .optional("partitions", .integer(TopicBounds.partitions), says: "Partitions of a new topic"),
      .optional(
        "replication_factor",
        .integer(TopicBounds.replicas),
        says: "Copies of each partition"
      ),
      .optional("config", .map(.text), says: "Settings of a new topic by their own names"),
    ]
  )
}

/// What a topic can have.
enum TopicBounds {
  static let partitions = 1...1_000_000
  static let replicas = 1...32_767
}
