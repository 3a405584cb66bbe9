import CRdKafka

/// A Kafka cluster inside this process, for trying things: librdkafka's mock cluster.
///
/// It listens on a port of this machine and keeps about 5 MiB a partition. It lives until the last
/// reference goes; let its producers and readers go first.
public final class EmbeddedCluster: Sendable {
  // Unsafe for the compiler only: the mock cluster locks its own state.
  nonisolated(unsafe) private let client: OpaquePointer
  nonisolated(unsafe) private let cluster: OpaquePointer

  /// Addresses for `bootstrap.servers`.
  public let brokers: String

  /// Starts a cluster of `count` brokers.
  ///
  /// Throws if librdkafka cannot start it.
  public init(count: Int = 1) throws(KafkaError) {
    var text = CText()
    let configuration = ConfigurationHandle().release()
    guard
      let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &text.bytes, text.bytes.count)
    else {
      rd_kafka_conf_destroy(configuration)
      throw KafkaError(code: .setting, message: text.string)
    }
    guard let cluster = rd_kafka_mock_cluster_new(client, Int32(clamping: count)) else {
      rd_kafka_destroy(client)
      throw KafkaError(code: .unsupported, message: "the embedded cluster does not start")
    }
    self.client = client
    self.cluster = cluster
    brokers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
  }

  deinit {
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(client)
  }

  /// Creates a topic; one that is there already stays as it is.
  ///
  /// Throws if librdkafka refuses the name or the number of partitions.
  public func createTopic(_ name: String, partitions: Int = 4) throws(KafkaError) {
    let count = Int32(clamping: partitions)
    let code = rd_kafka_mock_topic_create(cluster, name, count, 1)
    switch code {
    case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return
    default: throw KafkaError(code, context: "topic \(name)")
    }
  }

  /// Makes the next requests of one kind fail, for tests; `apiKey` 0 is Produce.
  func failNext(apiKey: Int16, with errors: [rd_kafka_resp_err_t]) {
    rd_kafka_mock_push_request_errors_array(cluster, apiKey, errors.count, errors)
  }
}
