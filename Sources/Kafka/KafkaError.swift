import CRdKafka

/// What went wrong between Sluice and a Kafka cluster.
public struct KafkaError: Error, Hashable, Sendable {
  /// The kinds of failure that a caller treats differently.
  public enum Code: String, Hashable, Sendable {
    /// librdkafka refuses a setting, or Sluice owns it.
    case setting
    /// No broker answers: name resolution, TCP, or a broker that went away.
    case unreachable
    /// TLS could not be agreed on, or a certificate was refused.
    case tls
    /// The broker refuses user, password or token.
    case authentication
    /// The user may not do this.
    case authorization
    /// No answer within the time allowed.
    case timedOut
    /// The cluster does not have the topic or the partition.
    case unknownTopic
    /// The broker cannot do this, or is not asked for it in this way.
    case unsupported
    /// The transaction must be aborted; then the next one can begin.
    case abortable
    /// Another producer took the transactional id over, or the broker ended this one's transaction.
    case fenced
    /// This producer is of no more use; a new one may be.
    case fatal
    /// Nobody knows whether the transaction was committed: a new producer has to find out.
    case outcomeUnknown
    /// The caller asked to stop.
    case interrupted
    /// Any other answer of the broker or of librdkafka.
    case broker
  }

  /// The kind of failure.
  public var code: Code
  /// What happened, for humans.
  public var message: String
  /// What was being done, for instance `metadata of broker1:9092`; empty if that is plain.
  public var context: String
  /// What librdkafka last said about its connections, if that explains the failure.
  public var cause: String?
  /// What to do about it.
  public var hint: String?
  /// Whether the same call may succeed later.
  public var isRetriable: Bool
  /// librdkafka's own code: negative for the client's, positive for a broker's, 0 for none.
  public var native: Int32

  /// Describes a failure.
  public init(
    code: Code,
    message: String,
    context: String = "",
    cause: String? = nil,
    hint: String? = nil,
    isRetriable: Bool = false,
    native: Int32 = 0
  ) {
    self.code = code
    self.message = message
    self.context = context
    self.cause = cause
    self.hint = hint
    self.isRetriable = isRetriable
    self.native = native
  }
}

extension KafkaError: CustomStringConvertible {
  /// Context, message and cause in one line.
  public var description: String {
    let told = context.isEmpty ? message : "\(context): \(message)"
    return cause.map { "\(told) (\($0))" } ?? told
  }
}

extension KafkaError {
  /// Describes `native` in librdkafka's words, or in `message` where there is a better one.
  init(_ native: rd_kafka_resp_err_t, message: String? = nil, context: String = "") {
    self.init(
      code: Code(native),
      message: message ?? String(cString: rd_kafka_err2str(native)),
      context: context,
      native: native.rawValue
    )
    isRetriable = code == .timedOut || code == .unreachable
  }

  /// Takes ownership of `error`, an `rd_kafka_error_t *`, and destroys it.
  init(consuming error: OpaquePointer, context: String = "") {
    defer { rd_kafka_error_destroy(error) }
    self.init(
      rd_kafka_error_code(error),
      message: String(cString: rd_kafka_error_string(error)),
      context: context
    )
    isRetriable = rd_kafka_error_is_retriable(error) != 0
    if rd_kafka_error_txn_requires_abort(error) != 0 {
      code = .abortable
    } else if rd_kafka_error_is_fatal(error) != 0, code != .fenced {
      code = .fatal
    }
  }
}

extension KafkaError {
  /// What it is to a user: `.authorization` if a broker refused it for want of a right, whatever
  /// that made of the producer; else ``code``.
  public var codeToTell: Code {
    Code(rd_kafka_resp_err_t(rawValue: native)) == .authorization ? .authorization : code
  }
}

extension KafkaError.Code {
  init(_ native: rd_kafka_resp_err_t) {
    self = Self.sorted[native.rawValue] ?? .broker
  }

  private static let sorted: [Int32: Self] = {
    var codes: [Int32: Self] = [:]
    for (code, natives) in table {
      for native in natives { codes[native.rawValue] = code }
    }
    return codes
  }()

  private static let table: [(Self, [rd_kafka_resp_err_t])] = [
    (.setting, [RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR__CONFLICT]),
    (
      .unreachable,
      [
        RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
        RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
      ]
    ),
    (.tls, [RD_KAFKA_RESP_ERR__SSL]),
    (
      .authentication,
      [
        RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
        RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE,
      ]
    ),
    (
      .authorization,
      [
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
      ]
    ),
    (
      .timedOut,
      [
        RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
        RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
      ]
    ),
    (
      .unknownTopic,
      [
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
      ]
    ),
    (
      .unsupported,
      [
        RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION,
        RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
      ]
    ),
    (
      .fenced,
      [
        RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED,
        RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
      ]
    ),
    (.fatal, [RD_KAFKA_RESP_ERR__FATAL]),
  ]
}
