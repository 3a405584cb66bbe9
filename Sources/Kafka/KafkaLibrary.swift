internal import CRdKafka

/// librdkafka.
public enum KafkaLibrary {
  /// The version that this process uses, as in `2.0.2`.
  public static var version: String { String(cString: rd_kafka_version_str()) }
}
