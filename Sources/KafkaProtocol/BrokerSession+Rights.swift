import Blocking

extension BrokerSession {
  /// Kafka's error codes that say what a user may not do.
  private enum Refusal {
    static let group: Int16 = 30
    static let transactionalID: Int16 = 53
  }

  /// Asks whether this user may use a transactional id, and commit offsets of a group in it.
  ///
  /// It asks to add the group's offsets to a transaction of a producer that does not exist: the
  /// broker judges the rights first and then refuses the producer, and nothing is written anywhere.
  func transactionRights(
    id: String,
    group: String,
    before deadline: Deadline
  ) throws(LoginError) -> TransactionRights {
    var answer = try ask(.addOffsetsToTransaction, version: 0, before: deadline) { message in
      message.string(id)
      // A producer id that no broker gives out, and its epoch.
      message.int64(-1)
      message.int16(-1)
      message.string(group)
    }
    _ = try answer.int32()
    switch try answer.int16() {
    case Refusal.transactionalID: return TransactionRights(writesID: false, readsGroup: nil)
    case Refusal.group: return TransactionRights(writesID: true, readsGroup: false)
    // Loading, unavailable, elsewhere; an unknown id or producer; epoch, state, fenced producer.
    case 14, 15, 16, 47, 48, 49, 51, 59, 90, 105:
      return TransactionRights(writesID: true, readsGroup: true)
    default: return TransactionRights()
    }
  }
}
