import Reports
import Settings
import Testing

@testable import Alerts

/// What is told, step by step; each step is a minute.
@Suite struct AlertEngineTests {
  /// A project's syncs, rules and memory.
  private struct World {
    var settings: AlertSettings
    var subjects = [Samples.subject, orders]
    var book = AlertBook()
    var time = 0

    static let orders = AlertSubject("orders", source: "shop", destination: "events")

    init(_ rules: [AlertRule], channels: [AlertChannel] = [Samples.channel("ops")]) {
      settings = Samples.settings(rules, channels: channels)
    }

    /// Judges what happened and gives what is told, as in `ops critical customers`.
    mutating func step(_ runs: RunReport..., minutes: Int = 1) -> [String] {
      time += minutes * 60_000_000
      let observations = runs.compactMap { run in
        subjects.first { $0.name == run.sync }.map { AlertObservation($0, run) }
      }
      let told = AlertEngine(settings: settings, project: "crm")
        .judge(observations, subjects: subjects, now: time, &book)
      return told.map { "\($0.channel) \($0.label) \($0.sync)" }
    }

    mutating func fail(_ sync: String, _ error: RunError = Samples.brokerDown()) -> [String] {
      step(Samples.run(.failed, of: sync, at: time, error: error))
    }

    mutating func succeed(_ sync: String) -> [String] { step(Samples.run(of: sync, at: time)) }

    mutating func reject(_ rows: Int) -> [String] {
      step(
        Samples.run(.doneWithProblems) {
          $0.rejected = rows; $0.read = 1000
        }
      )
    }
  }

  private let failed = AlertRule(.failed, channels: ["ops"])

  @Test func `a failure is told once, and its end with its length`() {
    var world = World([failed])
    #expect(world.fail("customers") == ["ops critical customers"])
    #expect(world.fail("customers") == [])
    #expect(world.fail("customers", RunError(.failed, "another reason", kind: .failedQuery)) == [])
    #expect(world.step(Samples.run(.interrupted)) == [])
    let engine = AlertEngine(settings: world.settings, project: "crm")
    let told = engine.judge(
      [AlertObservation(Samples.subject, Samples.run())],
      subjects: world.subjects,
      now: 7_560 * 1_000_000,
      &world.book
    )
    #expect(told.map(\.title) == ["[resolved] crm: over after 2 h 5 min: customers failed"])
    #expect(world.book.incidents == [])
  }

  @Test func `syncs that fail for one broker share one message`() {
    var world = World([failed])
    #expect(world.fail("customers") == ["ops critical customers"])
    #expect(world.fail("orders") == [])
    #expect(world.book.incidents.map { $0.members.map(\.sync) } == [["customers", "orders"]])
    #expect(world.succeed("customers") == [])
    #expect(world.succeed("orders") == ["ops resolved customers"])
  }

  @Test func `another cause is another incident`() {
    var world = World([failed])
    #expect(world.fail("customers") == ["ops critical customers"])
    #expect(
      world.fail("orders", RunError(.failed, "no", kind: .failedQuery)) == ["ops critical orders"]
    )
    #expect(world.book.incidents.count == 2)
  }

  @Test func `a sync that fails again after the end is a new incident`() {
    var world = World([failed])
    _ = world.fail("customers")
    let first = world.book.incidents.first?.id
    _ = world.succeed("customers")
    #expect(world.fail("customers") == ["ops critical customers"])
    #expect(world.book.incidents.first?.id != first)
  }

  @Test func `severity steps up and down with one message each`() {
    var world = World([
      AlertRule(.rejected(above: .rows(10)), channels: ["ops"]),
      AlertRule(.rejected(above: .rows(100)), severity: .critical, channels: ["ops"]),
    ])
    #expect(world.reject(10) == [])
    #expect(world.reject(11) == ["ops warning customers"])
    #expect(world.reject(50) == [])
    #expect(world.reject(101) == ["ops critical customers"])
    #expect(world.reject(500) == [])
    #expect(world.reject(11) == ["ops warning customers"])
    #expect(world.reject(0) == ["ops resolved customers"])
  }

  @Test func `a channel for critical alerts hears of nothing less`() {
    var world = World(
      [
        AlertRule(.rejected(above: .rows(10)), channels: ["ops", "pager"]),
        AlertRule(.rejected(above: .rows(100)), severity: .critical, channels: ["ops", "pager"]),
      ],
      channels: [Samples.channel("ops"), Samples.channel("pager", minimum: .critical)]
    )
    #expect(world.reject(11) == ["ops warning customers"])
    #expect(world.reject(101) == ["ops critical customers", "pager critical customers"])
    #expect(world.reject(11) == ["ops warning customers", "pager resolved customers"])
    #expect(world.reject(0) == ["ops resolved customers"])
  }

  @Test func `a muted rule is silent, and told when its time is over if it still holds`() {
    var rule = failed
    rule.muteUntil = 5 * 60_000_000
    var world = World([rule])
    #expect(world.fail("customers") == [])
    #expect(world.fail("customers") == [])
    #expect(world.step(Samples.run(.failed, error: Samples.brokerDown()), minutes: 10).count == 1)
    #expect(world.succeed("customers") == ["ops resolved customers"])
  }

  @Test func `what ends while its rule is muted is told afterwards`() {
    var world = World([failed])
    #expect(world.fail("customers").count == 1)
    world.settings.rules[0].muteUntil = 10 * 60_000_000
    #expect(world.succeed("customers") == [])
    #expect(world.step(minutes: 20) == ["ops resolved customers"])
    #expect(world.book.incidents == [])
  }

  @Test func `rules are narrowed by names and tags`() {
    var world = World([
      AlertRule(.failed, channels: ["ops"], syncs: ["orders"]),
      AlertRule(.failed, severity: .warning, channels: ["ops"], tags: ["crm"]),
    ])
    #expect(world.fail("customers") == ["ops warning customers"])
    #expect(world.succeed("customers") == ["ops resolved customers"])
    #expect(world.fail("orders") == ["ops critical orders"])
  }

  @Test func `an old success is stale, judged by the run of another sync too`() {
    var world = World([AlertRule(.stale(after: .seconds(3600)), channels: ["ops"])])
    #expect(world.succeed("customers") == [])
    #expect(world.step(minutes: 30) == [])
    #expect(world.succeed("orders") == [])
    #expect(world.step(Samples.run(of: "orders"), minutes: 60) == ["ops critical customers"])
    #expect(world.step(minutes: 60) == [])
    // Orders has no schedule, and no rule names it.
    #expect(world.succeed("customers") == ["ops resolved customers"])
  }

  @Test func `runs that fail or are skipped do not make a sync fresh`() {
    var world = World([
      AlertRule(.stale(after: .seconds(300)), channels: ["ops"], syncs: ["orders"])
    ])
    _ = world.fail("orders")
    #expect(world.step(Samples.run(.skipped, of: "orders"), minutes: 4) == [])
    #expect(world.fail("orders") == ["ops critical orders"])
    #expect(world.fail("orders") == [])
  }

  @Test func `a sync that is gone, a rule that is gone and a channel that is gone end incidents`() {
    var world = World([failed])
    _ = world.fail("customers")
    world.subjects = [World.orders]
    #expect(world.step() == ["ops resolved customers"])
    _ = world.fail("orders")
    world.settings.rules = [AlertRule(.guarded, channels: ["ops"])]
    #expect(world.fail("orders") == ["ops resolved orders"])
    world.settings.rules = [failed]
    _ = world.fail("orders")
    world.settings = Samples.settings([], channels: [])
    #expect(world.succeed("orders") == [])
    #expect(world.book.incidents == [])
  }
}
