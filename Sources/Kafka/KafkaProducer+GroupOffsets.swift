import CRdKafka
import KafkaLogin

/// What Kafka remembers for one partition of a group.
public struct GroupOffset: Sendable, Hashable {
  /// The topic.
  public var topic: String
  /// The partition.
  public var partition: Int32
  /// The committed offset.
  public var offset: Int64
  /// The text committed with it.
  public var metadata: String
}

extension KafkaProducer {
  /// Reads every offset that Kafka holds for `group`; none when it has forgotten the group.
  ///
  /// Only settled offsets: while a transaction with one of them is being ended, and after errors
  /// that pass, it asks again until `timeout`. An answer without an error for every partition is
  /// the only one that is believed. It is asked over a connection of its own.
  public func groupOffsets(
    of group: String,
    timeout: Duration
  ) throws(KafkaError) -> [GroupOffset] {
    let context = "offsets of group \(group)"
    let login = try ownLogin()
    let answer: GroupAnswer
    do throws(LoginError) {
      answer = try login.offsets(of: group, timeout: timeout) { interrupted }
    } catch {
      throw KafkaError(error)
    }
    switch answer {
    case .offsets(let offsets):
      return offsets.map {
        GroupOffset(
          topic: $0.topic,
          partition: $0.partition,
          offset: $0.offset,
          metadata: $0.metadata
        )
      }
    case .refused(let code):
      var error = KafkaError(rd_kafka_resp_err_t(rawValue: Int32(code)), context: context)
      // What passes was asked for again until the time was up, and may be asked for later still.
      error.isRetriable = error.code == .broker
      throw error
    }
  }
}
