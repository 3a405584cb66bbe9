import Blocking
import Settings
import Tracing

extension ClusterLogin {
  /// Asks a broker what this user may do of what `exactly_once` needs, and changes nothing.
  ///
  /// `ids` are transactional ids, each with a group of its name. What the broker does not tell, or
  /// not in time, is missing.
  public func transactionRights(
    of ids: [String],
    timeout: Duration
  ) async -> [String: TransactionRights] {
    await onThread { [self] in
      var rights: [String: TransactionRights] = [:]
      // Whatever fails leaves the rest unknown.
      do throws(LoginError) {
        try ask(ids, before: Deadline(after: timeout), into: &rights)
      } catch {
        trace("check", "rights: \(error)")
      }
      return rights
    }
  }

  private func ask(
    _ ids: [String],
    before deadline: Deadline,
    into rights: inout [String: TransactionRights]
  ) throws(LoginError) {
    let session = try connectToAny(before: deadline)
    let versions = try session.versions(before: deadline)
    guard versions.knows(.addOffsetsToTransaction, version: 0) else { return }
    for id in ids {
      rights[id] = try session.transactionRights(id: id, group: id, before: deadline)
    }
  }

  /// Logs in at the first broker of the settings that takes it.
  func connectToAny(before deadline: Deadline) throws(LoginError) -> BrokerSession {
    var failure = LoginError(.setting, "no brokers")
    for broker in settings.brokers where !deadline.isPast {
      do throws(LoginError) {
        return try connect(toBroker: broker, before: deadline)
      } catch {
        failure = error
      }
    }
    throw failure
  }
}
