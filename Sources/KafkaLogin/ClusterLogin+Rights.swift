import Blocking
import Settings
import Tracing

/// What ``ClusterLogin/rights(_:timeout:)`` found out.
public struct AskedRights: Sendable, Hashable {
  /// The rights to the transactional id and the group of the same name, by name.
  public var transactions: [String: TransactionRights] = [:]
  /// Whether a topic may be created, by name; a missing one was not told.
  public var creations: [String: Bool] = [:]
}

extension ClusterLogin {
  /// Asks a broker what this user may do, and changes nothing.
  ///
  /// `transactions` are transactional ids, each with a group of its name; `creations` are names of
  /// topics that do not exist. What the broker does not tell, or not in time, is missing.
  public func rights(
    transactions: [String],
    creations: [String],
    timeout: Duration
  ) async -> AskedRights {
    await withCheckedContinuation { waiting in
      BlockingThread.start { [self] in
        var rights = AskedRights()
        // Whatever fails leaves the rest unknown.
        do throws(LoginError) {
          try ask(transactions, creations, before: Deadline(after: timeout), into: &rights)
        } catch {
          trace("rights", error.description)
        }
        waiting.resume(returning: rights)
      }
    }
  }

  private func ask(
    _ transactions: [String],
    _ creations: [String],
    before deadline: Deadline,
    into rights: inout AskedRights
  ) throws(LoginError) {
    let session = try connectToAny(before: deadline)
    let versions = try session.versions(before: deadline)
    if versions.knows(.addOffsetsToTransaction, version: 0) {
      for id in transactions {
        rights.transactions[id] = try session.transactionRights(
          id: id,
          group: id,
          before: deadline
        )
      }
    }
    if versions.knows(.createTopics, version: 4) {
      for topic in creations {
        rights.creations[topic] = try session.mayCreate(topic, before: deadline)
      }
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
