import Sync
import Reports
import Settings
import Testing

/// Rows whose topic or key changes.
@Suite struct MoveTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT, region TEXT, shard INTEGER, note TEXT);
      INSERT INTO t VALUES (1, 'a@x', 'eu', 2, ''), (2, 'b@x', 'us', 1, '');
      """
    )
    bench.sync.onMove = .tombstone
    bench.sync.nullValues = .unchecked
    bench.each { $0.key = Located(.column("email")) }
  }

  /// Where each message went and what it was, since the last call.
  private func places() -> [String] {
    bench.sink.takeMessages().map { message in
      let change = message.headers["change"] ?? "?"
      return
        "\(message.topic) \(message.key ?? "-") \(change) \(message.value == nil ? "null" : "")"
    }
  }

  @Test func `a null value goes to the key that a row leaves, after the row's own message`()
    async throws
  {
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET email = 'c@x' WHERE id = 1; UPDATE t SET note = 'n'")
    let report = await bench.run()
    #expect(report.counts.changed == 2)
    #expect(report.counts.moved == 1)
    #expect(report.counts.sent == 3)
    let messages = bench.sink.messages
    #expect(
      places() == ["rows c@x changed ", "rows b@x changed ", "rows a@x moved null"]
    )
    #expect(Set(messages.map { $0.headers["event-id"] }).count == 3)
    await bench.run()
    #expect(places() == [])
  }

  @Test(arguments: ["a@x", "c@x"])
  func `exactly once, both messages of a row that moves arrive or none`(
    refused: String
  ) async throws {
    bench.sync.delivery = .exactlyOnce
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET email = 'c@x' WHERE id = 1; UPDATE t SET note = 'n'")
    bench.sink.answer(.refuseRequest(keys: [refused]))
    let report = await bench.run()
    bench.sink.answer()
    #expect(report.outcome == .doneWithProblems)
    #expect(report.counts.rejected == 1 && report.counts.sent == 1)
    #expect(places() == ["rows b@x changed "])
    #expect(await bench.run().counts.sent == 2)
    #expect(places() == ["rows c@x changed ", "rows a@x moved null"])
  }

  @Test func `by default a row that moves is only counted`() async throws {
    bench.sync.onMove = .ignore
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET email = 'c@x' WHERE id = 1")
    let report = await bench.run()
    #expect(report.counts.moved == 1)
    #expect(report.counts.json.jsonText.contains(#""moved":1"#))
    #expect(places() == ["rows c@x changed "])
  }

  @Test(arguments: [
    ValueForm.column("id"), .template("{{ row.id }}-x"), .jmespath("data.id"), .eventID,
    .template("{{ event.id }}{{ row.email }}"), .text("all"),
  ]) func `a key that stays, or lasts for one message only, moves no row`(
    _ key: ValueForm
  )
    async throws
  {
    bench.each { $0.key = Located(key) }
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET email = 'c@x', note = 'n' WHERE id = 1")
    let report = await bench.run()
    #expect(report.counts.moved == 0)
    #expect(bench.sink.messages.count == 1)
  }

  @Test(arguments: [
    ValueForm.template("{{ row.email | upcase }}"), .jmespath("data.email"),
    .variable("row.email"),
  ]) func `keys by template, expression and variable move`(_ key: ValueForm) async throws {
    bench.each { $0.key = Located(key) }
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET email = 'C@X' WHERE id = 1")
    #expect(await bench.run().counts.moved == 1)
    #expect(bench.sink.messages.map(\.value).last == .some(nil))
    #expect(bench.sink.messages.count == 2)
  }

  @Test func `a row that changes its topic is removed from the old one, there in its partition`()
    async throws
  {
    bench.sink.addTopic("eu")
    bench.sink.addTopic("us")
    bench.each { settings in
      settings.topic = Located(.column("region"))
      settings.key = Located(.column("id"))
      settings.partition = Located(.column("shard"))
      settings.headers = [HeaderForm(name: "was-in", value: Located(.column("region")))]
    }
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET region = 'us', shard = 0 WHERE id = 1")
    await bench.run()
    #expect(bench.sink.messages.map(\.partition) == [0, 2])
    #expect(bench.sink.messages.last?.headers["was-in"] == "eu")
    #expect(places() == ["us 1 changed ", "eu 1 moved null"])
  }

  @Test func `where nothing can be at the old place no null value is sent`() async throws {
    bench.sink.addTopic("eu")
    bench.each { $0.topic = Located(.column("region")) }
    try bench.database(
      """
      DELETE FROM t; INSERT INTO t VALUES (1, NULL, 'eu', 0, ''), (2, '', 'eu', 0, ''),
      (3, 'c', 'eu', 0, ''), (4, 'd', 'eu', 0, '')
      """
    )
    await bench.run()
    _ = bench.sink.takeMessages()
    bench.sink.removeTopic("eu")
    bench.sink.addTopic("us")
    try bench.database("UPDATE t SET email = 'n' || id, region = 'us'")
    let report = await bench.run()
    #expect(report.outcome == .done)
    #expect(report.counts.moved == 4)
    #expect(
      places() == ["us n1 changed ", "us n2 changed ", "us n3 changed ", "us n4 changed "]
    )
  }

  @Test func `an expression that falls back to the event id has no place to leave`() async throws {
    bench.each { $0.key = Located(.jmespath("data.email")) }
    try bench.database("UPDATE t SET email = NULL")
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET note = 'n'")
    #expect(await bench.run().counts.moved == 0)
    try bench.database("UPDATE t SET email = 'c@x' WHERE id = 1")
    _ = bench.sink.takeMessages()
    #expect(await bench.run().counts.moved == 1)
    #expect(places() == ["rows c@x changed "])
    try bench.database("UPDATE t SET email = '' WHERE id = 1")
    await bench.run()
    let messages = bench.sink.takeMessages()
    #expect(messages.map(\.key).last == "c@x")
    #expect(messages.map(\.value).last == .some(nil))
    #expect(messages.first?.key?.hasPrefix("evt_") == true)
  }

  @Test func `rows that trade keys in one run do not remove each other`() async throws {
    try bench.database("INSERT INTO t VALUES (3, 'c@x', '', 0, '')")
    await bench.run()
    var topic: [String: String?] = [:]
    func replay() {
      for message in bench.sink.takeMessages() { topic[message.key ?? ""] = message.value }
    }
    replay()
    try bench.database(
      """
      UPDATE t SET email = CASE id WHEN 1 THEN 'b@x' WHEN 2 THEN 'c@x' ELSE 'a@x' END;
      """
    )
    #expect(await bench.run().counts.moved == 3)
    replay()
    #expect(topic.values.allSatisfy { $0 != nil })
    #expect(topic["a@x"]??.contains(#""id":3"#) == true)
    #expect(topic["b@x"]??.contains(#""id":1"#) == true)
    #expect(topic["c@x"]??.contains(#""id":2"#) == true)
  }

  @Test func `a row that is rejected leaves nothing behind, and is tried again`() async throws {
    await bench.run()
    _ = bench.sink.takeMessages()
    bench.sync.changed.body = .column(Located("note"))
    try bench.database("UPDATE t SET email = 'c@x', note = '{' WHERE id = 1")
    #expect(await bench.run().counts.rejected == 1)
    #expect(places() == [])
    try bench.database("UPDATE t SET note = '{}' WHERE id = 1")
    await bench.run()
    #expect(places() == ["rows c@x changed ", "rows a@x moved null"])
  }

  @Test(arguments: ["a@x", "c@x"])
  func `a row of two messages is delivered when both are`(_ refused: String) async throws {
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET email = 'c@x' WHERE id = 1")
    bench.sink.answer(.refuseRequest(keys: [refused]))
    let report = await bench.run()
    bench.sink.answer()
    #expect(report.counts.rejected == 1)
    // Nothing of a row whose own message is refused; the null value alone cannot be taken back.
    #expect(places() == (refused == "c@x" ? [] : ["rows c@x changed "]))
    #expect(await bench.run().counts.rejected == 0)
    #expect(places() == ["rows c@x changed ", "rows a@x moved null"])
    await bench.run()
    #expect(places() == [])
  }

  @Test func `after a crash both messages come again with their ids`() async throws {
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET email = 'c@x' WHERE id = 1")
    bench.sink.answer(.loseAcknowledgement)
    await bench.run()
    let first = bench.sink.takeMessages()
    #expect(first.map(\.key) == ["c@x"])
    await bench.run()
    let second = bench.sink.takeMessages()
    #expect(second.first == first.first)
    #expect(second.map(\.key) == ["c@x", "a@x"])
  }

  @Test func `a place that older rows cannot tell rejects the row`() async throws {
    bench.sql = "SELECT id, note FROM t ORDER BY id"
    bench.each { $0.key = Located(.column("id")) }
    await bench.run()
    _ = bench.sink.takeMessages()
    bench.sql = "SELECT * FROM t ORDER BY id"
    bench.each { $0.key = Located(.column("email")) }
    try bench.database("UPDATE t SET note = 'n' WHERE id = 1")
    #expect(await bench.run().counts.rejected == 1)
    #expect(places() == [])
    bench.sync.onMove = .ignore
    #expect(await bench.run().counts.rejected == 0)
    #expect(places() == ["rows a@x changed "])
  }

  @Test func `a plan counts rows that move and shows their own messages`() async throws {
    await bench.run()
    try bench.database("UPDATE t SET email = 'c@x' WHERE id = 1")
    let plan = await PlanRun(
      of: bench.makeRun(RunOptions()),
      scratchPath: bench.directory + "/scratch.db"
    ).execute()
    #expect(plan.counts.moved == 1)
    #expect(plan.counts.submitted == 2)
    #expect(plan.samples.map(\.message?.key) == ["c@x"])
  }

  @Test(arguments: [.atLeastOnce, .exactlyOnce] as [DeliveryGuarantee])
  func `a row that changes its partition leaves a null value in the old one`(
    delivery: DeliveryGuarantee
  ) async throws {
    bench.sync.delivery = delivery
    bench.each { settings in
      settings.key = Located(.column("id"))
      settings.partition = Located(.column("shard"))
    }
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET shard = 0 WHERE id = 1")
    let report = await bench.run()
    #expect(report.counts.moved == 1 && report.counts.sent == 2)
    #expect(bench.sink.messages.map(\.partition) == [0, 2])
    #expect(places() == ["rows 1 changed ", "rows 1 moved null"])
    // No partition of its own any more: its key decides, and that is a place too.
    try bench.database("UPDATE t SET shard = NULL WHERE id = 2")
    let moved = await bench.run().counts.moved
    #expect(moved == (bench.sink.messages.first?.partition == 1 ? 0 : 1))
  }

  @Test func `a row without a key and without a partition cannot leave one`() async throws {
    bench.each { settings in
      settings.key = nil
      settings.partition = Located(.column("shard"))
    }
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database(
      "UPDATE t SET shard = NULL WHERE id = 1; UPDATE t SET shard = 0 WHERE id = 2"
    )
    let report = await bench.run()
    #expect(report.counts.moved == 1 && report.counts.sent == 2)
  }

  @Test func `partitions that are added move no row, and are told`() async throws {
    bench.each { $0.key = Located(.column("id")) }
    await bench.run()
    bench.sink.addTopic("rows", partitions: 7)
    try bench.database("UPDATE t SET note = 'n'")
    let plan = await PlanRun(
      of: bench.makeRun(RunOptions()),
      scratchPath: bench.directory + "/scratch.db"
    ).execute()
    #expect(plan.notes.contains { $0.contains("has 7 partitions, 3 in the last run") })
    let report = await bench.run()
    #expect(report.counts.moved == 0 && report.counts.sent == 2)
    let again = await PlanRun(
      of: bench.makeRun(RunOptions()),
      scratchPath: bench.directory + "/scratch.db"
    ).execute()
    #expect(!again.notes.contains { $0.contains("partitions") })
  }

  @Test(arguments: [.atLeastOnce, .exactlyOnce] as [DeliveryGuarantee], [true, false])
  func `a row refused at a place leaves it to nobody, one that arrives keeps it`(
    delivery: DeliveryGuarantee,
    arrives: Bool
  ) async throws {
    bench.sync.delivery = delivery
    try bench.database("INSERT INTO t VALUES (3, 'c@x', '', 0, '')")
    await bench.run()
    _ = bench.sink.takeMessages()
    // 3 takes the place that 1 leaves; the row at it comes later in the result.
    try bench.database(
      "UPDATE t SET email = 'd@x' WHERE id = 1; UPDATE t SET email = 'a@x' WHERE id = 3"
    )
    bench.sink.answer(.refuseRequest(keys: arrives ? [] : ["a@x"]))
    let report = await bench.run()
    bench.sink.answer()
    if arrives {
      #expect(report.outcome == .done)
      #expect(
        places() == ["rows d@x changed ", "rows a@x changed ", "rows c@x moved null"]
      )
    } else {
      // Neither the message of 3 nor the null value of 1 gets there: both are tried again.
      #expect(report.counts.rejected == 2)
      _ = places()
      #expect(await bench.run().outcome == .done)
    }
    await bench.run()
    #expect(!bench.sink.messages.contains { $0.key == "a@x" && $0.value == nil } || !arrives)
  }

  @Test(arguments: [.atLeastOnce, .exactlyOnce] as [DeliveryGuarantee], 1...14)
  func `rows that trade places keep them, whatever call the run dies at`(
    delivery: DeliveryGuarantee,
    failing: Int
  ) async throws {
    bench.sync.delivery = delivery
    await bench.run()
    var topic: [String: String?] = [:]
    func replay() {
      for message in bench.sink.takeMessages() { topic[message.key ?? ""] = message.value }
    }
    replay()
    try bench.database(
      "UPDATE t SET email = CASE id WHEN 1 THEN 'b@x' ELSE 'a@x' END"
    )
    bench.sink.fail(call: failing, failing % 2 == 0 ? .dieBefore : .dieAfter)
    _ = await bench.run()
    bench.sink.fail(call: nil)
    #expect(await bench.run().outcome == .done)
    replay()
    #expect(topic["a@x"]??.contains(#""id":2"#) == true)
    #expect(topic["b@x"]??.contains(#""id":1"#) == true)
  }

  @Test(arguments: [.atLeastOnce, .exactlyOnce] as [DeliveryGuarantee])
  func `a null value of a run that is finished later spares what that run sent before`(
    delivery: DeliveryGuarantee
  ) async throws {
    bench.sync.delivery = delivery
    // More than a batch: the row that takes the place is committed before the one that leaves it.
    try bench.database(
      """
      DELETE FROM t;
      INSERT INTO t WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < 10001)
      SELECT v, 'k' || v, '', 0, '' FROM s
      """
    )
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database(
      """
      UPDATE t SET note = 'n';
      UPDATE t SET email = 'k10001' WHERE id = 1; UPDATE t SET email = 'k1' WHERE id = 10001
      """
    )
    // The second batch is lost. At least once the first one is committed by then.
    bench.sink.answer(.acknowledge, .acknowledge, .lose)
    _ = await bench.run()
    bench.sink.answer()
    #expect(await bench.run().outcome == .done)
    var topic: [String: String?] = [:]
    for message in bench.sink.takeMessages() { topic[message.key ?? ""] = message.value }
    #expect(topic["k1"]??.contains(#""id":10001"#) == true)
    #expect(topic["k10001"]??.contains(#""id":1,"#) == true)
  }

  @Test func `a row that a backfill finds elsewhere leaves its place`() async throws {
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET email = 'c@x' WHERE id = 1")
    var options = RunOptions()
    options.command = .backfill
    let report = await bench.run(options)
    #expect(report.counts.moved == 1)
    #expect(places() == ["rows c@x added ", "rows b@x added ", "rows a@x moved null"])
  }
}
