internal import KafkaLogin
internal import Settings
internal import Snapshot

/// Asks for the rights that no listing of topics tells: transactional ids, groups, new topics.
struct RightsCheck {
  /// What came of it.
  struct Findings {
    /// Whether a missing topic may be created, by name.
    var creations: [String: Bool] = [:]
    /// One for the transactional id and one for the group of each sync that needs them.
    var items: [CheckItem] = []
  }

  /// A cluster that lacks hundreds of topics has another problem.
  private static let topicCountMax = 50
  private let syncs: [SyncSettings]
  private let missing: [String]
  private let stateDirectory: String

  /// `missing` are topics that the cluster does not show.
  init(_ syncs: [SyncSettings], _ missing: [String], _ stateDirectory: String) {
    self.syncs = syncs.filter { $0.delivery == .exactlyOnce }
    self.missing = Array(missing.prefix(Self.topicCountMax))
    self.stateDirectory = stateDirectory
  }

  func ask(_ login: ClusterLogin, timeout: Duration) async -> Findings {
    var names: [(sync: String, id: String)] = []
    for sync in syncs { names.append((sync.name, await transactionalID(of: sync))) }
    if names.isEmpty, missing.isEmpty { return Findings() }
    let rights = await login.rights(
      transactions: names.map(\.id),
      creations: missing,
      timeout: timeout
    )
    var findings = Findings(creations: rights.creations)
    for (sync, id) in names {
      findings.items += Self.items(sync, id, rights.transactions[id] ?? TransactionRights())
    }
    return findings
  }

  /// The id that a run uses, also as its group; one like it before the first run.
  private func transactionalID(of sync: SyncSettings) async -> String {
    let path = "\(stateDirectory)/\(sync.name).db"
    let state = try? StateFile(path: path, mode: .report)
    let id = try? await state?.value(.id)
    return "sluice.\(id ?? String(repeating: "0", count: 32))"
  }

  private static func items(
    _ sync: String,
    _ id: String,
    _ rights: TransactionRights
  ) -> [CheckItem] {
    [
      item(
        sync,
        "right to the transactional id",
        rights.writesID,
        "this user may not use the transactional id \(id)",
        "ask for Write and Describe on transactional ids that begin with `sluice.`"
      ),
      item(
        sync,
        "right to the group",
        rights.readsGroup,
        "this user may not commit offsets of the group \(id)",
        "ask for Read on groups that begin with `sluice.`"
      ),
    ]
  }

  private static func item(
    _ sync: String,
    _ check: String,
    _ answer: Bool?,
    _ complaint: String,
    _ advice: String
  ) -> CheckItem {
    switch answer {
    case true?: CheckItem("sync \(sync)", check, .passed)
    case false?: CheckItem("sync \(sync)", check, .failed, complaint, advice: advice)
    case nil:
      CheckItem("sync \(sync)", check, .unknown, "the broker does not tell", advice: advice)
    }
  }
}
