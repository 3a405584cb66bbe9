import Sync
import Foundation
import Reports
import Settings
import TestSupport
import Testing

/// Random tables, faults and refusals: after each complete run the topic is what the query says.
///
/// The short form repeats one seed, so that a red run means a change of the code. `MODEL_SEED`
/// draws another (0: at random), `MODEL_STEPS` prolongs it; the seed is printed.
@Suite struct TopicModelTests {
  /// What the delivery does not do right yet; each is turned on when it does.
  enum Switches {
    /// A change of the partition is a move.
    static let partitionsMove = true
    /// A row that a backfill sends to another place leaves the old one.
    static let backfilledRowsMove = true
    /// A null value that is refused after the row's own message arrived is still owed.
    ///
    /// At least once it is forgotten if the row moves on, goes back or is removed before it gets
    /// through. Only a key that is written another way has two fates here.
    static let refusedNullValuesAreOwed = false
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var delivery: DeliveryGuarantee
    var usesPostgres: Bool

    var testDescription: String { "\(delivery), \(usesPostgres ? "Postgres" : "SQLite")" }
  }

  private static let environment = ProcessInfo.processInfo.environment
  private static let seed: UInt64 = {
    let given = environment["MODEL_SEED"].flatMap { UInt64($0) } ?? 463_315
    return given == 0 ? UInt64.random(in: 1...1_000_000) : given
  }()
  private static let steps = environment["MODEL_STEPS"].flatMap { Int($0) } ?? 400

  @Test(arguments: DeliveryGuarantee.allCases)
  func `whatever happens, a topic folded by key holds the rows that are there`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    try await follow(Case(delivery: delivery, usesPostgres: false))
  }

  @Test(
    .enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"),
    arguments: DeliveryGuarantee.allCases
  )
  func `whatever happens in Postgres, a topic folded by key holds the rows that are there`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    try await follow(Case(delivery: delivery, usesPostgres: true))
  }

  private func follow(_ test: Case) async throws {
    print("model: \(test.testDescription), MODEL_SEED=\(Self.seed)")
    var random = SeededGenerator(state: Self.seed)
    var steps = 0
    var checks = 0
    while steps < (test.usesPostgres ? Self.steps / 4 : Self.steps) {
      let scenario = try TopicScenario(test, seed: Self.seed, &random)
      for _ in 0..<Int.random(in: 5...25, using: &random) {
        steps += try await scenario.round(&random)
      }
      try await scenario.finish()
      checks += scenario.checks
    }
    print("model: \(test.testDescription), \(steps) steps, \(checks) complete runs looked at")
    #expect(checks > 5)
  }
}

/// One random sync over one random table.
final class TopicScenario {
  private let bench: Bench
  private let postgres: PostgresBench?
  private var model: TopicModel
  private let seed: UInt64
  private var log: [String] = []
  /// Keys that the broker refuses now.
  private var refused: Set<String> = []
  /// Value of each place, the topic folded.
  private var topic: [Place: String?] = [:]
  private(set) var checks = 0

  private struct Place: Hashable {
    var topic: String
    var partition: Int32
    var key: String
  }

  init(_ test: TopicModelTests.Case, seed: UInt64, _ random: inout SeededGenerator) throws {
    let hasTopics = Bool.random(using: &random)
    let plan = TopicModel.Plan(
      key: TopicModel.Plan.Key.allCases.randomElement(using: &random) ?? .id,
      hasTopics: hasTopics,
      hasPartitions: hasTopics && TopicModelTests.Switches.partitionsMove,
      rescales: !test.usesPostgres && hasTopics
    )
    self.seed = seed
    model = TopicModel(plan)
    let table = TopicModel.table.replacing("NUMBER", with: test.usesPostgres ? "numeric" : "")
    postgres = test.usesPostgres ? try PostgresBench(table) : nil
    bench = try postgres?.bench ?? Bench(table)
    bench.sink.addTopic("eu")
    bench.sink.addTopic("us")
    bench.primaryKey = plan.primaryKey
    bench.sql = "SELECT * FROM t"
    bench.sync.delivery = test.delivery
    bench.sync.onMove = hasTopics ? .tombstone : .ignore
    bench.each { settings in
      settings.key = Located(.primaryKey)
      settings.topic = Located(hasTopics ? .column("region") : .text("rows"))
      if plan.hasPartitions { settings.partition = Located(.column("shard")) }
      settings.body = .column(Located("doc"))
    }
    bench.sync.removed.body = .tombstone
  }

  /// Some steps of the table and a run; how many steps.
  func round(_ random: inout SeededGenerator) async throws -> Int {
    let count = Int.random(in: 0...12, using: &random)
    for _ in 0..<count { model.step(&random) }
    try store()
    changeRefusals(&random)
    var options = RunOptions(allowedGuards: [.maxRemoved])
    switch Int.random(in: 0..<10, using: &random) {
    case 0: options.limit = Int.random(in: 1...5, using: &random)
    case 1 where !model.plan.hasTopics || TopicModelTests.Switches.backfilledRowsMove:
      options.command = .backfill
    default: break
    }
    let fault = Int.random(in: 0..<3, using: &random) == 0
    if fault {
      let kinds: [RecordingSink.Fault] = [
        .dieBefore, .dieAfter, .refuse(.other), .lose(.other),
      ]
      let kind = kinds.randomElement(using: &random) ?? .dieBefore
      bench.sink.fail(call: Int.random(in: 1...16, using: &random), kind)
      log.append("fault \(kind)")
    }
    let source =
      Int.random(in: 0..<12, using: &random) == 0
      ? FaultySource(self.source, failingCall: Int.random(in: 1...3, using: &random)) : self.source
    let report = await bench.run(options, source: source)
    bench.sink.fail(call: nil)
    log.append("\(options.command) limit \(options.limit ?? 0): \(report.outcome) \(report.counts)")
    fold()
    let isComplete = options.command == .run && options.limit == nil
    if isComplete, report.outcome == .done || report.outcome == .doneWithProblems { check() }
    return count
  }

  /// Everything is well again: two runs, of which the second has nothing to do.
  func finish() async throws {
    model.mendAll()
    try store()
    refused = []
    bench.sink.answer()
    for _ in 0..<2 {
      let report = await bench.run(RunOptions(allowedGuards: [.maxRemoved]), source: source)
      log.append("last: \(report.outcome) \(report.counts)")
      #expect(report.outcome == .done, comment("\(report.error?.message ?? "")"))
      fold()
      check()
    }
    let report = await bench.run(RunOptions(allowedGuards: [.maxRemoved]), source: source)
    #expect(report.counts.sent == 0, comment("a run with nothing to do sent something"))
  }

  private var source: any RowSource { postgres?.source ?? bench.source }

  private func store() throws {
    let sql = model.takeStatements()
    if sql.isEmpty { return }
    log.append(sql)
    if let postgres {
      postgres.sql("BEGIN; \(sql); COMMIT")
    } else {
      try bench.database("BEGIN; \(sql); COMMIT")
    }
  }

  private func changeRefusals(_ random: inout SeededGenerator) {
    let mayHaveTwoFates = model.plan.rescales && bench.sync.delivery == .atLeastOnce
    if mayHaveTwoFates && !TopicModelTests.Switches.refusedNullValuesAreOwed { return }
    guard Int.random(in: 0..<4, using: &random) == 0 else { return }
    let keys = model.rows.map { model.identity($0) }.shuffled(using: &random)
    refused = Set(keys.prefix(Int.random(in: 0...3, using: &random)))
    if refused.isEmpty {
      bench.sink.answer()
    } else {
      bench.sink.answer(.refuseRequest(keys: refused))
    }
    log.append("refused: \(refused.sorted())")
  }

  private func fold() {
    for message in bench.sink.takeMessages() {
      let place = Place(
        topic: message.topic,
        partition: model.plan.hasTopics ? message.partition : 0,
        key: message.key ?? ""
      )
      topic[place] = .some(message.value)
    }
  }

  private func check() {
    checks += 1
    var present: [String: [(place: Place, value: String)]] = [:]
    for (place, value) in topic {
      guard let value else { continue }
      present[place.key.withoutFraction, default: []].append((place, value))
    }
    for row in model.rows {
      let key = model.identity(row)
      let found = present.removeValue(forKey: key) ?? []
      if row.isBroken || refused.contains(key) { continue }
      #expect(found.map(\.value) == [row.document], comment("key \(key) holds \(found)"))
      if model.plan.hasTopics, let place = found.first?.place {
        #expect(place.topic == row.region, comment("key \(key) is in \(place)"))
        if model.plan.hasPartitions { #expect(place.partition == row.shard, comment(key)) }
      }
    }
    for key in refused { present[key] = nil }
    #expect(present.isEmpty, comment("rows that are gone: \(present)"))
  }

  private func comment(_ text: String) -> Comment {
    "\(text)\nMODEL_SEED=\(seed) \(model.plan)\n\(log.suffix(12).joined(separator: "\n"))"
  }
}

extension String {
  /// A number of a key as it was before it was rescaled.
  fileprivate var withoutFraction: String { hasSuffix(".0") ? String(dropLast(2)) : self }

  fileprivate func replacing(_ word: String, with other: String) -> String {
    split(separator: word, omittingEmptySubsequences: false).joined(separator: other)
  }
}
