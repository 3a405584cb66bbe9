internal import Sync
internal import KafkaProtocol
internal import Reports
internal import Settings

/// Asks for the rights that no listing of topics tells: those to transactional ids and groups.
struct RightsCheck {
  private let syncs: [SyncSettings]
  private let stateDirectory: String

  init(_ syncs: [SyncSettings], _ stateDirectory: String) {
    self.syncs = syncs.filter { $0.delivery == .exactlyOnce }
    self.stateDirectory = stateDirectory
  }

  /// One item for the transactional id and one for the group of each sync that needs them.
  func items(_ login: ClusterLogin, timeout: Duration) async -> [CheckItem] {
    if syncs.isEmpty { return [] }
    var names: [(sync: String, id: String)] = []
    for sync in syncs {
      let remembered = RememberedDelivery(sync, directory: stateDirectory)
      names.append((sync.name, await remembered.transactionalID()))
    }
    let rights = await login.transactionRights(of: names.map(\.id), timeout: timeout)
    return names.flatMap { name in
      Self.items(name.sync, id: name.id, rights: rights[name.id] ?? TransactionRights())
    }
  }

  private static func items(
    _ sync: String,
    id: String,
    rights: TransactionRights
  ) -> [CheckItem] {
    [
      item(
        sync,
        check: "right to the transactional id",
        answer: rights.writesID,
        complaint: "this user may not use the transactional id \(id)",
        advice: "ask for Write and Describe on transactional ids that begin with `sluice.`"
      ),
      item(
        sync,
        check: "right to the group",
        answer: rights.readsGroup,
        complaint: "this user may not commit offsets of the group \(id)",
        advice: "ask for Read on groups that begin with `sluice.`"
      ),
    ]
  }

  private static func item(
    _ sync: String,
    check: String,
    answer: Bool?,
    complaint: String,
    advice: String
  ) -> CheckItem {
    switch answer {
    case true?: CheckItem("sync \(sync)", check: check, verdict: .passed)
    case false?:
      CheckItem(
        "sync \(sync)",
        check: check,
        verdict: .failed,
        reason: complaint,
        hint: advice,
        kind: .destinationRights
      )
    case nil:
      CheckItem(
        "sync \(sync)",
        check: check,
        verdict: .unknown,
        reason: "the broker does not tell",
        hint: advice
      )
    }
  }
}
