import Blocking
import CRdKafka
public import KafkaProtocol

extension KafkaProducer {
  /// Reads every offset that Kafka holds for `group`; none when it has forgotten the group.
  ///
  /// With `onlySettled`, while a transaction with one of them is open, and always after errors that
  /// pass, it asks again until `timeout`. An answer without an error for every partition is
  /// the only one that is believed. It is asked over a connection of its own.
  public func groupOffsets(
    of group: String,
    onlySettled: Bool = true,
    timeout: Duration
  ) throws(KafkaError) -> [CommittedOffset] {
    let login = try ownLogin()
    let answer: GroupAnswer
    do throws(LoginError) {
      answer = try login.offsets(of: group, onlySettled: onlySettled, timeout: timeout) {
        interrupted
      }
    } catch {
      throw KafkaError(error)
    }
    switch answer {
    case .offsets(let offsets): return offsets
    case .refused(let code): throw Self.refusal(code, "offsets of group \(group)")
    }
  }

  /// Waits until `group` has a coordinator, unless it was there a moment ago.
  ///
  /// librdkafka 2.0.2 hangs or crashes when it has to look for one that is not there.
  func awaitCoordinator(of group: String, before deadline: Deadline) throws(KafkaError) {
    if let known = coordinatorKnownUntil, !known.isPast { return }
    let login = try ownLogin()
    let answer: GroupAnswer
    do throws(LoginError) {
      answer = try login.awaitCoordinator(of: group, timeout: deadline.remaining) { interrupted }
    } catch {
      throw KafkaError(error)
    }
    if case .refused(let code) = answer {
      throw Self.refusal(code, "coordinator of group \(group)")
    }
    coordinatorKnownUntil = Deadline(after: .seconds(2))
  }

  private static func refusal(_ code: Int16, _ context: String) -> KafkaError {
    var error = KafkaError(rd_kafka_resp_err_t(rawValue: Int32(code)), context: context)
    // What passes was asked for again until the time was up, and may be asked for later still.
    error.isRetriable = error.code == .broker
    return error
  }
}
