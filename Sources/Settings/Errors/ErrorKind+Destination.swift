extension ErrorKind {
  /// No broker answers.
  public static let destinationUnreachable = ErrorKind(
    "SL0301",
    "no broker answers",
    meaning:
      "No connection could be made within the time allowed. What was not acknowledged is sent "
      + "again by the next run.",
    cause: "The brokers are down, a name or port of `brokers` is wrong, a firewall is between.",
    advice:
      "`sluice check --connect` says which step fails; `kcat -L -b HOST:PORT` asks without Sluice."
  )

  /// TLS fails.
  public static let destinationTLS = ErrorKind(
    "SL0302",
    "TLS with the broker fails",
    meaning: "Both sides could not agree on TLS, or a certificate was refused.",
    cause: "The port speaks no TLS, `ca` is another authority, a certificate is out of date.",
    advice: "Set `ca` to the broker's authority; `tls: false` only for a port that speaks in clear."
  )

  /// The broker refuses the login.
  public static let destinationLogin = ErrorKind(
    "SL0303",
    "the broker refuses the login",
    meaning: "The broker is there and does not let this user in, or offers another mechanism.",
    cause: "Username or password is wrong, or `mechanism` is not one that the listener offers.",
    advice: "Correct `sasl` of the destination; `sluice check --connect` shows the broker's answer."
  )

  /// No token or key can be had.
  public static let destinationCredentials = ErrorKind(
    "SL0304",
    "no credentials can be had",
    meaning: "The token or the keys for the login could not be fetched.",
    cause: "The token endpoint, the program or the AWS credential chain gives none.",
    advice: "Try the same by hand: `curl` at the endpoint, or `aws sts get-caller-identity`."
  )

  /// The user may not do it.
  public static let destinationRights = ErrorKind(
    "SL0305",
    "the user lacks a right",
    meaning: "The broker knows the user and refuses what a run needs.",
    cause: "An ACL for Write or Describe of the topic is missing; exactly once also needs Read.",
    advice: "`sluice check --connect` says which right is missing at which topic."
  )

  /// A setting of the destination cannot be used.
  public static let destinationSetting = ErrorKind(
    "SL0306",
    "a setting of the destination cannot be used",
    meaning: "A certificate, key, property or file of the destination is refused.",
    cause: "A PEM file is damaged or encrypted, a property contradicts another.",
    advice: "Correct the key that is named; docs/kafka.md has what each takes."
  )

  /// The cluster cannot do it.
  public static let destinationUnsupported = ErrorKind(
    "SL0307",
    "the destination cannot do this",
    meaning: "The cluster, or the embedded broker, lacks what the sync asks for.",
    cause: "`delivery: exactly_once` at the embedded broker, or a broker that is too old.",
    advice: "Use `delivery: at_least_once`, or another destination."
  )

  /// The cluster lacks the topic.
  public static let unknownTopic = ErrorKind(
    "SL0308",
    "the cluster does not have the topic",
    meaning:
      "Sluice makes no topics unless it is told to. Rows of the batch wait for the next run.",
    cause: "The topic was not created yet, or its name is misspelt.",
    advice:
      "Create it, or set `create_topics` at the destination; `unknown_topic: reject` leaves such "
      + "rows out."
  )

  /// A transaction failed.
  public static let transactionFailed = ErrorKind(
    "SL0309",
    "a transaction or the producer failed",
    meaning:
      "Kafka ended a transaction or this producer. Nothing is lost: the next run finds out what "
      + "was committed.",
    cause: "A broker restarted, or a transaction took longer than the cluster allows.",
    advice: "Run again; the log of the broker says more if it happens often."
  )

  /// Another producer took over.
  public static let fenced = ErrorKind(
    "SL0310",
    "another run took over",
    meaning: "Kafka knows batches of this sync that this state does not know.",
    cause: "A copy of the state was used elsewhere, or an older state was put back.",
    advice: "Stop the other run; then `sluice recover SYNC --adopt` continues from this state."
  )

  /// Nobody knows what became of a transaction.
  public static let outcomeUnknown = ErrorKind(
    "SL0311",
    "it is not known what was committed",
    meaning: "Messages were sent and Kafka cannot say whether they were committed.",
    cause: "The connection broke during a commit, or Kafka forgot the group's offsets.",
    advice: "Run again. If it asks for it, look into the topic: `sluice recover SYNC --sent` or "
      + "`--not-sent`."
  )

  /// The broker refuses or answers something else.
  public static let brokerRefused = ErrorKind(
    "SL0312",
    "the broker refuses",
    meaning: "The broker answered with an error of its own, which the message repeats.",
    cause: "A limit of the cluster or a policy, or what answers is not Kafka.",
    advice:
      "Look the answer up in the broker's log; `sluice check --connect` shows the topic's settings."
  )

  /// The cluster is another one than before.
  public static let anotherCluster = ErrorKind(
    "SL0313",
    "the destination is another cluster than before",
    meaning: "The state says what another cluster has; this one has none of it.",
    cause: "A variable of another environment is set, or the cluster was replaced.",
    advice:
      "`sluice recover SYNC --adopt` takes it for the old one, `sluice reset SYNC` starts over."
  )

  /// The topic was deleted and made again.
  public static let renewedTopic = ErrorKind(
    "SL0314",
    "the topic was deleted and made again",
    meaning: "What the sync delivered to it is gone.",
    cause: "Somebody deleted the topic, or restored a cluster without its data.",
    advice: "`sluice recover SYNC --adopt`, then `sluice backfill SYNC` sends every row again."
  )

  static let destinationKinds = [
    destinationUnreachable, destinationTLS, destinationLogin, destinationCredentials,
    destinationRights, destinationSetting, destinationUnsupported, unknownTopic,
    transactionFailed, fenced, outcomeUnknown, brokerRefused, anotherCluster, renewedTopic,
  ]
}
