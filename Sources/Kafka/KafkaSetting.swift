import CRdKafka

/// Asks librdkafka about its settings without making a client.
public enum KafkaSetting {
  /// What is wrong with a setting.
  public enum Problem: Sendable, Hashable {
    /// This release of librdkafka has no setting of this name.
    case unknown
    /// It has one, and does not take the value; the text says why and may repeat the value.
    case value(String)
  }

  /// What is wrong with setting `name` to `value`, nil when nothing is.
  public static func problem(_ name: String, _ value: String) -> Problem? {
    let configuration = ConfigurationHandle()
    var text = CText()
    switch rd_kafka_conf_set(configuration.pointer, name, value, &text.bytes, text.bytes.count) {
    case RD_KAFKA_CONF_OK: return nil
    case RD_KAFKA_CONF_UNKNOWN: return .unknown
    default: return .value(text.string)
    }
  }

  /// The names of the settings that have a default in this release, and the aliases that people
  /// use, for suggestions.
  public static func names() -> [String] {
    let configuration = ConfigurationHandle()
    var count = 0
    guard let dump = rd_kafka_conf_dump(configuration.pointer, &count) else { return [] }
    defer { rd_kafka_conf_dump_free(dump, count) }
    // Names and values take turns.
    return ["compression.type", "linger.ms"]
      + stride(from: 0, to: count, by: 2).compactMap { index in
        dump[index].map { String(cString: $0) }
      }
  }
}
