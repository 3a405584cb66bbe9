import Blocking
import CRdKafka
public import KafkaProtocol

extension KafkaProducer {
  /// Asks for the cluster's id, its brokers and all its topics.
  ///
  /// All of them, because naming one creates it where the broker creates topics by itself. Ends
  /// early when the broker refuses login or certificate.
  public func metadata(timeout: Duration) throws(KafkaError) -> Cluster {
    try fetchMetadata(with: client, before: Deadline(after: timeout))
  }

  func fetchMetadata(
    with client: ProducerClient,
    before deadline: Deadline
  ) throws(KafkaError) -> Cluster {
    while true {
      // In slices, because a refused login is reported beside it and is worth no further wait.
      var raw: UnsafePointer<rd_kafka_metadata>?
      let slice = deadline.milliseconds(atMost: 1000)
      let code = rd_kafka_metadata(client.handle.pointer, 1, nil, &raw, slice)
      if code == RD_KAFKA_RESP_ERR_NO_ERROR, let raw {
        defer { rd_kafka_metadata_destroy(raw) }
        // Whatever was wrong before, the way is open now.
        lastComplaint = nil
        return Self.metadata(raw.pointee, of: client)
      }
      serveAll(waiting: 0)
      if let refusal = complaint, refusal.code == .authentication || refusal.code == .tls {
        throw refusal
      }
      if deadline.isPast { throw unanswered(KafkaError(code)) }
      if interrupted { throw KafkaError(code: .interrupted, message: "stopped") }
    }
  }

  private func unanswered(_ error: KafkaError) -> KafkaError {
    var error = error
    error.context = "no answer from the brokers"
    error.cause = complaint.map(\.description)
    error.hint = "is the address right, and can it be reached from here?"
    return error
  }

  private static func metadata(
    _ raw: rd_kafka_metadata,
    of client: ProducerClient
  ) -> Cluster {
    let brokers = UnsafeBufferPointer(start: raw.brokers, count: Int(raw.broker_cnt))
    let topics = UnsafeBufferPointer(start: raw.topics, count: Int(raw.topic_cnt))
    var metadata = Cluster(clusterID: clusterID(of: client))
    metadata.brokers = brokers.map {
      .init(id: $0.id, host: String(cString: $0.host), port: Int($0.port))
    }
    metadata.brokers.sort { $0.id < $1.id }
    for topic in topics where topic.err == RD_KAFKA_RESP_ERR_NO_ERROR {
      metadata.topics[String(cString: topic.topic)] = Self.topic(topic)
    }
    return metadata
  }

  private static func topic(_ raw: rd_kafka_metadata_topic) -> Cluster.Topic {
    let partitions = UnsafeBufferPointer(start: raw.partitions, count: Int(raw.partition_cnt))
    return Cluster.Topic(
      partitions: partitions.count,
      leaderless: partitions.count { $0.leader < 0 },
      replicationFactor: partitions.first.map { Int($0.replica_cnt) } ?? 0
    )
  }

  private static func clusterID(of client: ProducerClient) -> String? {
    // Cached from the answer just read: the wait is for brokers that have no id.
    guard let id = rd_kafka_clusterid(client.handle.pointer, 0) else { return nil }
    defer { rd_kafka_mem_free(client.handle.pointer, id) }
    return String(cString: id)
  }
}
