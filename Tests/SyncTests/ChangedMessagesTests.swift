import Foundation
import Reports
import Settings
import State
import Synchronization
import Testing

@testable import Sync

/// Backfills of the rows whose message differs under today's settings.
@Suite struct ChangedMessagesTests {
  private static func options(limit: Int? = nil) -> RunOptions {
    var options = RunOptions(command: .backfill, limit: limit)
    options.part = RowPart(condition: nil, keys: [], changedMessages: true, typed: "-")
    return options
  }

  private static func bench(rows: Int = 6) throws -> Bench {
    let bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, a, n);
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < \(rows))
      INSERT INTO t SELECT n, CASE n % 3 WHEN 0 THEN 'Up' ELSE 'low' END, 0 FROM c;
      """
    )
    bench.use(template: #"{"a": "{{ row.a }}"}"#)
    return bench
  }

  private func note(_ bench: Bench, contains part: String) -> Bool {
    bench.notes.withLock { notes in
      defer { notes = [] }
      return notes.contains { $0.contains(part) }
    }
  }

  @Test(arguments: DeliveryGuarantee.allCases)
  func `rows are sent whose message differs, and the second time none`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    let bench = try Self.bench()
    bench.sync.delivery = delivery
    await bench.run()
    bench.use(template: #"{"a": "{{ row.a | downcase }}"}"#)
    await bench.run()
    #expect(note(bench, contains: "`sluice backfill s --changed-messages` sends those that differ"))
    _ = bench.arrivals()
    // Rows that are new or changed are the next run's, and those that are gone, too.
    try bench.database(
      "INSERT INTO t VALUES (30, 'New', 0); UPDATE t SET n = 1 WHERE id = 3;"
        + "DELETE FROM t WHERE id = 1"
    )
    let report = await bench.run(Self.options())
    #expect(report.outcome == .done && report.counts.added == 1 && report.counts.unchanged == 3)
    #expect(note(bench, contains: "2 rows are new or changed: the next run sends them"))
    #expect(bench.sink.messages.map(\.value) == [#"{"a":"up"}"#])
    #expect(bench.sink.messages.first?.headers["backfill"] == "true")
    #expect(bench.arrivals() == ["added 6"])
    await bench.run(Self.options())
    #expect(bench.arrivals() == [] && note(bench, contains: "make no other message"))
    await bench.run()
    #expect(bench.arrivals().sorted() == ["added 30", "changed 3", "removed 1"])
    #expect(!note(bench, contains: "--changed-messages"))
    await bench.run(Self.options())
    #expect(bench.arrivals() == [])
  }

  @Test func `topic, key, partition and headers count, the places where they are written do not`()
    async throws
  {
    let bench = try Self.bench()
    bench.sink.addTopic("others")
    await bench.run()
    let steps: [(String, Int, (inout MessageSettings) -> Void)] = [
      (
        "a file", 0,
        {
          $0.body = .templateFile(text: #"{"a": "{{ row.a }}"}"#, path: Located("templates/a"))
        }
      ),
      (
        "header", 6,
        { $0.headers = [HeaderForm(name: "h", value: Located(.literal(.number("1"))))] }
      ),
      (
        "header of some rows", 2,
        {
          let text = "{% if row.a == 'Up' %}2{% else %}1{% endif %}"
          $0.headers = [HeaderForm(name: "h", value: Located(.template(text)))]
        }
      ),
      ("key", 6, { $0.key = Located(.template("k{{ row.id }}")) }),
      ("topic", 6, { $0.topic = Located(.text("others")) }),
      ("partition", 6, { $0.partition = Located(.literal(.number("2"))) }),
      ("system headers", 6, { $0.systemHeaders = [.eventID] }),
    ]
    for (what, count, step) in steps {
      bench.each(step)
      _ = bench.sink.takeMessages()
      await bench.run(Self.options())
      #expect(bench.sink.takeMessages().count == count, "\(what)")
      await bench.run(Self.options())
      #expect(bench.sink.takeMessages().isEmpty, "\(what), again")
    }
  }

  @Test func `settings that were taken back are not forgotten where rows were sent with them`()
    async throws
  {
    let bench = try Self.bench()
    let good = #"{"a": "{{ row.a }}"}"#
    await bench.run()
    bench.use(template: #"{"bad": "{{ row.a }}"}"#)
    try bench.database("UPDATE t SET n = 1 WHERE id IN (2, 5)")
    await bench.run()
    // A run that fails has sent messages all the same.
    try bench.database("UPDATE t SET n = 2 WHERE id = 4")
    bench.sink.answer(.loseAcknowledgement)
    #expect(await bench.run().outcome == .failed)
    bench.use(template: good)
    // What is finished is made with today's settings.
    await bench.run()
    _ = bench.arrivals()
    await bench.run(Self.options())
    #expect(bench.arrivals() == ["added 2", "added 5"])
    await bench.run(Self.options())
    #expect(bench.arrivals() == [])
  }

  @Test func `segments that are merged and rewritten keep what made their messages`() async throws {
    let bench = try Self.bench()
    bench.plansFirst = false
    await bench.run()
    for round in 1...20 {
      bench.use(template: round % 2 == 0 ? #"{"a": "{{ row.a }}"}"# : #"{"odd": 1}"#)
      try bench.database("INSERT INTO t VALUES (\(100 + round), 'x', 0)")
      await bench.run()
    }
    _ = bench.arrivals()
    let state = try await StateFile.open(path: bench.statePath, mode: .existing)
    try await state.compact()
    #expect(try await state.liveSegments().count == 1)
    await bench.run(Self.options())
    #expect(bench.arrivals().sorted() == (0..<10).map { "added \(101 + 2 * $0)" })
  }

  @Test func `rows that were only remembered keep what made their messages, or have none`()
    async throws
  {
    let bench = try Self.bench(rows: 3)
    await bench.run()
    // The snapshot takes a new column without messages, and then a template that shows it.
    try bench.database("ALTER TABLE t ADD COLUMN c DEFAULT 7")
    bench.use(template: #"{"a": "{{ row.a }}", "c": {{ row.c }}}"#)
    await bench.run()
    _ = bench.arrivals()
    await bench.run(Self.options())
    #expect(bench.arrivals() == ["added 1", "added 2", "added 3"])

    let skipping = try Self.bench(rows: 3)
    skipping.sync.initialSync = .skip
    await skipping.run()
    try skipping.database("UPDATE t SET n = 1 WHERE id = 2")
    await skipping.run()
    skipping.use(template: #"{"all": 1}"#)
    _ = skipping.arrivals()
    await skipping.run(Self.options())
    #expect(skipping.arrivals() == ["added 2"])
  }

  @Test func `a row that no settings can make a message of is told`() async throws {
    let bench = try Self.bench()
    await bench.run()
    // What does not count may differ from what was sent.
    bench.sync.changedWhen = Located(.ignoring(["n"]))
    await bench.run()
    try bench.database("UPDATE t SET n = 'x' WHERE id = 5")
    bench.use(
      template: #"{"a": "{{ row.a }}", "n": {{ row.n | plus: 1 }}{% if row.id == 4 %},{% endif %}}"#
    )
    _ = bench.arrivals()
    let report = await bench.run(Self.options())
    #expect(report.outcome == .doneWithProblems)
    #expect(report.problems.first?.first == "4", "\(report.problems)")
    #expect(bench.arrivals().count == 5)
    let again = await bench.run(Self.options())
    #expect(again.counts.rejected == 1 && bench.arrivals() == [])
  }

  @Test(arguments: DeliveryGuarantee.allCases)
  func `a kill and another start send the same rows, each delivered as its guarantee says`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    for failing in [4, 6, 9] {
      let bench = try Self.bench(rows: 12_000)
      bench.plansFirst = false
      bench.sync.delivery = delivery
      await bench.run()
      bench.use(template: #"{"a": "{{ row.a | downcase }}"}"#)
      _ = bench.arrivals()
      bench.sink.fail(call: failing, .dieAfter)
      let killed = await bench.run(Self.options())
      bench.sink.fail(call: nil)
      #expect(await bench.run(Self.options()).outcome == .done)
      let sent = bench.sink.takeMessages()
      let wanted = Set((1...4_000).map { "\(3 * $0)" })
      #expect(Set(sent.compactMap(\.key)) == wanted, "\(failing), \(killed.outcome)")
      #expect(sent.allSatisfy { $0.value == #"{"a":"up"}"# })
      if delivery == .exactlyOnce { #expect(sent.count == wanted.count, "\(failing)") }
      await bench.run(Self.options())
      #expect(bench.arrivals() == [])
    }
  }

  @Test func `a limit counts the rows that are sent, and does not end the work`() async throws {
    let bench = try Self.bench(rows: 12)
    await bench.run()
    bench.use(template: #"{"a": "{{ row.a | downcase }}"}"#)
    _ = bench.arrivals()
    await bench.run(Self.options(limit: 3))
    #expect(bench.arrivals() == ["added 3", "added 6", "added 9"])
    let meta = try await StateFile.open(path: bench.statePath, mode: .report).meta()
    #expect(meta.settingsHash != SettingsHash.text(of: bench.sync))
    await bench.run()
    #expect(note(bench, contains: "sends those that differ"))
    await bench.run(Self.options(limit: 3))
    #expect(bench.arrivals() == ["added 12"])
  }

  @Test func `a state that does not know what made its messages says what to type`() async throws {
    let bench = try Self.bench()
    let first = await bench.run(Self.options())
    #expect(first.error?.hint == "`sluice run s` sends every row" && bench.arrivals() == [])
    await bench.run()
    try bench.state(
      "UPDATE segment SET settings = NULL; DELETE FROM meta WHERE name = 'whole_settings'"
    )
    try bench.database("UPDATE t SET n = 1 WHERE id = 1")
    await bench.run()
    _ = bench.arrivals()
    let report = await bench.run(Self.options())
    #expect(report.outcome == .failed && bench.arrivals() == [])
    #expect(report.error?.hint?.contains("`sluice backfill s` sends every row") == true)
    await bench.run(RunOptions(command: .backfill))
    _ = bench.arrivals()
    #expect(await bench.run(Self.options()).outcome == .done)
    #expect(bench.arrivals() == [])
  }

  @Test func `a plan pins such rows, and what made the messages is that of the plan`() async throws
  {
    let bench = try Self.bench()
    bench.plansFirst = false
    await bench.run()
    _ = bench.arrivals()
    bench.use(template: #"{"planned": "{{ row.a | downcase }}"}"#)
    let pinned = await bench.pin(Self.options())
    #expect(pinned.failure == nil && pinned.messages.count == 6)
    bench.use(template: #"{"a": "{{ row.a }}"}"#)
    #expect(try await bench.apply(pinned.file).outcome == .done)
    #expect(bench.values().allSatisfy { $0.hasPrefix(#"{"planned""#) })
    await bench.run(Self.options())
    #expect(bench.values().count == 6)
  }

  @Test func `a value that must stay private is compared, and not kept`() async throws {
    let bench = try Self.bench()
    bench.sync.privateValues = [Secret("t0k3n-one")]
    bench.use(template: #"{"a": "{{ row.a }}", "k": "t0k3n-one"}"#)
    bench.each { $0.headers = [HeaderForm(name: "t", value: Located(.text("Bearer t0k3n-one")))] }
    await bench.run()
    _ = bench.arrivals()
    await bench.run(Self.options())
    #expect(bench.arrivals() == [] && note(bench, contains: "make no other message"))
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    let kept = try await state.messageSettings()
    #expect(kept.count == 1 && !kept.values.joined().contains("t0k3n"), "\(kept)")
    // Another value may be in any message.
    bench.sync.privateValues = [Secret("t0k3n-two")]
    bench.each { $0.headers = [HeaderForm(name: "t", value: Located(.text("Bearer t0k3n-two")))] }
    await bench.run(Self.options())
    #expect(bench.arrivals().count == 6 && note(bench, contains: "they are sent again"))
    await bench.run(Self.options())
    #expect(bench.arrivals() == [])
  }

  @Test func `settings are read back as they were, without secrets`() throws {
    let bench = try Self.bench()
    let forms: [ValueForm] = [
      .text("t"), .column("c"), .template("{{ row.id }}"), .jmespath("data.id"), .primaryKey,
      .eventID, .variable("previous.email"), .literal(.null), .literal(.boolean(false)),
      .literal(.number("1.50")), .literal(.string("s")), .literal(.json("[1]")),
    ]
    let members = forms.map { NamedMember(name: "same", form: .value(Located($0))) }
    let nested = NamedMember(name: "", form: .object(members))
    let bodies: [BodyForm] = [
      .allColumns, .columns([Located("b"), Located("a")]), .object(members + [nested, nested]),
      .column(Located("c")), .template(Located("{}")), .jmespath(Located("data")), .tombstone,
    ]
    bench.sync.templates.partials = ["p": "hunter22", "q": ""]
    for (body, key) in zip(bodies, forms) {
      bench.sync.added.body = body
      bench.sync.added.key = Located(key)
      bench.sync.added.headers = forms.map { HeaderForm(name: "h", value: Located($0)) }
      let run = bench.makeRun()
      let today = KeptSettings(bench.sync, run.model)
      let text = today.json(secret: 7)
      let back = try #require(KeptSettings(json: text, secret: 7, today: today), "\(text)")
      #expect(back.json(secret: 7) == text)
      let version = back.version(of: bench.sync, run.model)
      #expect(SettingsHash.text(of: version.sync) == SettingsHash.text(of: bench.sync))
    }
    let secrets = KnownSecrets()
    secrets.learn([Secret("hunter22")])
    KnownSecrets.$current.withValue(secrets) {
      let settings = KeptSettings(bench.sync, bench.makeRun().model)
      let text = settings.json(secret: 7)
      #expect(!text.contains("hunter22"))
      let back = KeptSettings(json: text, secret: 7, today: settings)
      #expect(back?.json(secret: 8) == settings.json(secret: 8))
      bench.sync.templates.partials["p"] = "hunter23"
      let other = KeptSettings(bench.sync, bench.makeRun().model)
      #expect(KeptSettings(json: text, secret: 7, today: other) == nil)
    }
  }
}

extension Bench {
  fileprivate func use(template: String) { each { $0.body = .template(Located(template)) } }
}
