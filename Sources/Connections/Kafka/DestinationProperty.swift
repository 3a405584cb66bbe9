internal import Kafka

/// A setting of librdkafka as `properties` of a destination have it.
public enum DestinationProperty {
  /// What can be wrong with one.
  public enum Problem: Sendable, Hashable {
    /// This release of librdkafka has no setting of this name; `known` are names that it has.
    case unknown(known: [String])
    /// It does not take the value; the text says why and may repeat the value.
    case value(String)
  }

  /// What is wrong with setting `name` to `value`; nil if nothing is.
  ///
  /// Makes no client.
  public static func problem(_ name: String, _ value: String) -> Problem? {
    switch KafkaSetting.problem(name, value) {
    case nil: nil
    case .unknown: .unknown(known: KafkaSetting.names())
    case .value(let reason): .value(reason)
    }
  }
}
