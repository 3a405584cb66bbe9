import Sync
import Reports
import Settings
import Synchronization
import Testing

/// Null values are only sent under keys that are the row's own; plain texts that are columns are told.
@Suite struct NullValueTests {
  @Test(arguments: [
    ValueForm.primaryKey, .column("id"), .variable("row.id"), .template("{{ row.id }}"),
    .template("customer-{{row.id}}!"),
  ]) func `a key of one column is the row's own`(_ form: ValueForm) {
    #expect(RowKey(form, primaryKey: ["id"]) != nil)
  }

  @Test(arguments: [
    ValueForm.column("email"), .template("{{ row.email }}"), .template("{{ row.id | upcase }}"),
    .template("{% if row.a %}{{ row.id }}{% endif %}"), .template("{{ row.id }}{{ row.a }}"),
    .template("{{ previous.id }}"), .template("{{- row.id }}"), .template("{{ row.id.size }}"),
    .text("id"), .literal(.string("id")), .eventID, .jmespath("data.id"),
    .jmespath("[data.id, data.email]"), .variable("change"), .template("x"),
  ]) func `any other key may be that of two rows`(_ form: ValueForm) {
    #expect(RowKey(form, primaryKey: ["id"]) == nil)
  }

  @Test(arguments: [
    ValueForm.primaryKey, .template("{{ row.a }}:{{ row.b }}"), .jmespath("[data.b, data.a]"),
    .jmespath("{x: data.a, y: data.b}"), .template("[{{ row.a | json }},{{ row.b | json }}]"),
    .template(#"{"a": {{ row.a | json }}, "b": {{ row.b | json }}}"#),
  ]) func `a key of several columns tells each`(_ form: ValueForm) {
    #expect(RowKey(form, primaryKey: ["a", "b"]) != nil)
  }

  @Test(arguments: [
    ValueForm.column("a"), .template("{{ row.a }}{{ row.b }}"),
    .template("{{ row.a }}-{{ row.b }}"),
    .template("{{ row.a }}:{{ row.a }}"), .template("{{ row.a }}"), .jmespath("[data.a]"),
    .jmespath("{x: data.a, x: data.b}"), .jmespath("join('-', [data.a, data.b])"),
    .template("{{ row.a | json }} {{ row.b | json }}"),
    .template("[{{ row.a | json }},{{ row.b }}]"),
  ]) func `a key that may join two rows is not told apart`(_ form: ValueForm) {
    #expect(RowKey(form, primaryKey: ["a", "b"]) == nil)
  }

  private func bench(_ key: ValueForm) throws -> Bench {
    let bench = try Bench("CREATE TABLE t (id, a, b); INSERT INTO t VALUES (1, 2, 3)")
    bench.primaryKey = ["a", "b"]
    bench.each { $0.key = Located(key) }
    bench.sync.removed.body = .tombstone
    return bench
  }

  @Test func `what the types cannot hold is known when the query is`() async throws {
    let bench = try bench(.template("{{ row.a }}:{{ row.b }}"))
    let refused = await bench.run()
    #expect(refused.error?.code == .configuration)
    #expect(refused.error?.message.contains("the text of a, b may hold") == true)
    #expect(refused.error?.hint?.contains("{primary_key: true}") == true)
    #expect(bench.sink.messages.isEmpty)
    bench.types = ["a": .integer, "b": .date]
    #expect(await bench.run().error?.code != .configuration)
    bench.types = [:]
    bench.sync.nullValues = .unchecked
    #expect(await bench.run().outcome == .done)
  }

  @Test func `a key of another trigger must be the same, unless its topic is another`()
    async throws
  {
    let bench = try bench(.primaryKey)
    bench.sync.added.key = Located(.column("a"))
    #expect(await bench.run().error?.code == .configuration)
    bench.sink.addTopic("gone")
    bench.sync.removed.topic = Located(.text("gone"))
    #expect(await bench.run().outcome == .done)
  }

  @Test func `the key of several columns is a JSON array`() async throws {
    let bench = try bench(.primaryKey)
    try bench.database("INSERT INTO t VALUES (2, 'x\"y', 1.5)")
    await bench.run()
    try bench.database("DELETE FROM t WHERE id = 1")
    await bench.run()
    #expect(bench.arrivals() == ["added [2,3]", #"added ["x\"y",1.5]"#, "removed [2,3]"])
  }

  @Test func `a plain text that is another column is told once for these settings`() async throws {
    let bench = try bench(.text("A"))
    bench.sync.removed.body = .allColumns
    await bench.run()
    await bench.run()
    func warnings() -> Int {
      bench.notes.withLock { $0.count { $0.contains("every message has the key 'A'") } }
    }
    #expect(warnings() == 1)
    bench.sync.changed.headers = [HeaderForm(name: "x", value: Located(.text("y")))]
    await bench.run()
    #expect(warnings() == 2)
    bench.sql = "SELECT id, a, b, 1 AS c FROM t"
    #expect(await bench.run().outcome == .done)
    #expect(warnings() == 3)
    let plan = await PlanRun(
      of: bench.makeRun(),
      scratchPath: bench.directory + "/scratch.db"
    ).execute()
    #expect(plan.outcome == .done && plan.notes.contains { $0.contains("{column: A}") })
  }

  @Test func `whole numbers that are stored as floats are partitions`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id REAL, shard REAL); INSERT INTO t VALUES (1, 2), (2, 1), (3, NULL)"
    )
    bench.each { $0.partition = Located(.column("shard")) }
    let report = await bench.run()
    #expect(report.outcome == .done && report.counts.ignoredPartitions == 1)
    #expect(bench.sink.messages.prefix(2).map(\.partition) == [2, 1])
  }
}
