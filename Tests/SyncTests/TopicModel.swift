import Foundation
import TestSupport

/// A table that changes at random, as a test remembers it.
///
/// Every value that the database holds is also here; the database gets the same by ``statements``.
struct TopicModel {
  /// How rows are identified, and what decides where they go.
  struct Plan: CustomStringConvertible {
    enum Key: String, CaseIterable {
      /// A surrogate that is never used again.
      case id
      /// Two columns.
      case composite
      /// A natural key, beside a surrogate that is another after each load.
      case natural
    }

    var key: Key
    /// Rows go to the topic that a column names, and may move.
    var hasTopics: Bool
    /// Rows go to the partition that a column names, and may move.
    var hasPartitions: Bool
    /// The primary key's numbers are written another way now and then.
    var rescales: Bool

    var description: String {
      "\(key.rawValue), topics \(hasTopics), partitions \(hasPartitions), rescales \(rescales)"
    }

    var primaryKey: [String] {
      switch key {
      case .id: ["id"]
      case .composite: ["tenant", "code"]
      case .natural: ["code"]
      }
    }
  }

  struct Row {
    var id: Int
    var tenant: Int
    var code: String
    var region: String
    var shard: Int
    var version: Int
    /// Whether no message can be made of it.
    var isBroken = false

    var document: String {
      isBroken ? "{" : #"{"row":"\#(tenant).\#(code).\#(id)","version":\#(version)}"#
    }
  }

  let plan: Plan
  private(set) var rows: [Row] = []
  private var gone: [Row] = []
  private var former: [String: Row] = [:]
  private var nextID = 1
  private var version = 0
  /// The SQL of what happened since it was last taken.
  private var statements: [String] = []
  private var idIsReal = false

  init(_ plan: Plan) { self.plan = plan }

  static let table =
    "CREATE TABLE t (id NUMBER, tenant INTEGER, code TEXT, region TEXT, shard INTEGER, doc TEXT)"

  mutating func takeStatements() -> String {
    defer { statements = [] }
    return statements.joined(separator: ";\n")
  }

  /// The key of a row as values, and so in every way of writing it.
  func identity(_ row: Row) -> String {
    switch plan.key {
    case .id: "\(row.id)"
    case .composite: #"[\#(row.tenant),"\#(row.code)"]"#
    case .natural: row.code
    }
  }

  mutating func step(_ random: inout SeededGenerator) {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<25: insert(&random)
    case 25..<55: update(&random)
    case 55..<65: revert(&random)
    case 65..<80: delete(&random)
    case 80..<88: comeBack(&random)
    case 88..<92: reload(&random)
    case 92..<95 where plan.rescales: rescale()
    default: mend(&random)
    }
  }

  /// Makes every row one that can be sent.
  mutating func mendAll() {
    for index in rows.indices where rows[index].isBroken {
      rows[index].isBroken = false
      store(index)
    }
  }

  private mutating func insert(_ random: inout SeededGenerator) {
    guard rows.count < 40 else { return }
    version += 1
    var row = Row(
      id: nextID,
      tenant: Int.random(in: 1...3, using: &random),
      code: "c\(Int.random(in: 0..<60, using: &random))",
      region: "eu",
      shard: Int.random(in: 0..<3, using: &random),
      version: version
    )
    row.region = Bool.random(using: &random) ? "eu" : "us"
    row.isBroken = Int.random(in: 0..<12, using: &random) == 0
    guard !rows.contains(where: { identity($0) == identity(row) }) else { return }
    nextID += 1
    add(row)
  }

  private mutating func add(_ row: Row) {
    rows.append(row)
    let id = idIsReal ? "\(row.id).0" : "\(row.id)"
    statements.append(
      "INSERT INTO t VALUES (\(id), \(row.tenant), '\(row.code)', '\(row.region)', \(row.shard), "
        + "'\(row.document)')"
    )
  }

  private mutating func update(_ random: inout SeededGenerator) {
    guard let index = rows.indices.randomElement(using: &random) else { return }
    former[identity(rows[index])] = rows[index]
    version += 1
    rows[index].version = version
    if Int.random(in: 0..<4, using: &random) == 0 {
      rows[index].region = rows[index].region == "eu" ? "us" : "eu"
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      rows[index].shard = (rows[index].shard + 1) % 3
    }
    rows[index].isBroken = Int.random(in: 0..<10, using: &random) == 0
    store(index)
  }

  private mutating func revert(_ random: inout SeededGenerator) {
    guard let index = rows.indices.randomElement(using: &random),
      var old = former[identity(rows[index])]
    else { return }
    former[identity(rows[index])] = rows[index]
    old.id = rows[index].id
    rows[index] = old
    store(index)
  }

  private mutating func delete(_ random: inout SeededGenerator) {
    guard let index = rows.indices.randomElement(using: &random) else { return }
    let row = rows.remove(at: index)
    gone.append(row)
    statements.append("DELETE FROM t WHERE \(condition(row))")
  }

  private mutating func comeBack(_ random: inout SeededGenerator) {
    guard let index = gone.indices.randomElement(using: &random) else { return }
    var row = gone.remove(at: index)
    if plan.key != .id {
      row.id = nextID
      nextID += 1
    }
    guard !rows.contains(where: { identity($0) == identity(row) || $0.id == row.id }) else {
      return
    }
    add(row)
  }

  /// The table is emptied and loaded again: the same rows, some changed, under new surrogates.
  private mutating func reload(_ random: inout SeededGenerator) {
    guard plan.key != .id else { return }
    statements.append("DELETE FROM t")
    let old = rows.shuffled(using: &random)
    rows = []
    for var row in old {
      row.id = nextID
      nextID += 1
      if Int.random(in: 0..<4, using: &random) == 0 {
        version += 1
        row.version = version
      }
      add(row)
    }
  }

  /// Every number of the key is written as another database type would.
  private mutating func rescale() {
    idIsReal.toggle()
    statements.append(
      idIsReal ? "UPDATE t SET id = id + 0.0" : "UPDATE t SET id = CAST(id AS INTEGER)"
    )
  }

  private mutating func mend(_ random: inout SeededGenerator) {
    guard let index = rows.indices.filter({ rows[$0].isBroken }).randomElement(using: &random)
    else {
      return
    }
    rows[index].isBroken = false
    store(index)
  }

  private mutating func store(_ index: Int) {
    let row = rows[index]
    statements.append(
      "UPDATE t SET region = '\(row.region)', shard = \(row.shard), doc = '\(row.document)' "
        + "WHERE \(condition(row))"
    )
  }

  private func condition(_ row: Row) -> String {
    switch plan.key {
    case .id: "id = \(row.id)"
    case .composite: "tenant = \(row.tenant) AND code = '\(row.code)'"
    case .natural: "code = '\(row.code)'"
    }
  }
}
