import Sync
import Messages
import Reports
import Rows
import Settings
import Testing
import Values

@Suite struct InspectTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, name, seen);
      INSERT INTO t VALUES (1, 'Ada', 10), (2, 'Grace', 20), (3, 'Barbara', 30)
      """
    )
  }

  private func inspect(_ key: String? = nil, sink: (any Destination)? = nil) async -> InspectReport
  {
    let made = bench.makeRun()
    let run = SyncRun(
      sync: made.sync,
      model: made.model,
      source: bench.source,
      sink: sink ?? bench.sink,
      statePath: bench.statePath,
      options: RunOptions()
    )
    return await InspectRun(
      of: run,
      key: key,
      scratchPath: bench.directory + "/scratch.db"
    ).execute()
  }

  @Test func `without a key and a state it is the first row, which would be added`() async {
    let report = await inspect()
    #expect(report.error == nil)
    #expect(report.row == "1")
    #expect(report.verdict == .send)
    #expect(report.change == .added)
    #expect(report.columns.map(\.type) == ["integer", "text", "integer"])
    #expect(report.snapshot.isEmpty)
    #expect(report.message?.topic == "rows")
    #expect(report.message?.value == #"{"id":1,"name":"Ada","seen":10}"#)
    #expect(report.message?.valueBytes == 31)
    #expect(report.message?.partitionReason == "murmur2 of the key, of 3 partitions")
    #expect(bench.sink.messages.isEmpty)
  }

  @Test func `what it says would be sent is what is sent`() async throws {
    bench.sync.changed.body = .template(Located("{\"old\": {{ previous.name }}}"))
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database("UPDATE t SET name = 'Grace H.' WHERE id = 2")
    let report = await inspect("2")
    #expect(report.verdict == .send)
    #expect(report.change == .changed)
    #expect(report.snapshot.map(\.valueText) == ["2", #""Grace""#, "20"])
    let variables = Dictionary(uniqueKeysWithValues: report.variables.map { ($0.name, $0.value) })
    #expect(variables["changed_columns"] == .array([.string("name")]))
    #expect(variables["change"] == .string("changed"))
    guard case .object(let previous)? = variables["previous"] else { throw Missing() }
    #expect(previous["name"] == .string("Grace"))
    await bench.run()
    let sent = try #require(bench.sink.takeMessages().first)
    #expect(report.message?.value == sent.value)
    #expect(report.message?.partition == Int(sent.partition))
    #expect(report.message?.key == sent.key)
  }

  private struct Missing: Error {}

  @Test func `a row that does not differ says so`() async throws {
    await bench.run()
    let report = await inspect("3")
    #expect(report.verdict == .unchanged)
    #expect(report.message?.headers.contains { $0 == ("backfill", "true") } == true)
  }

  @Test func `columns that do not count are named`() async throws {
    bench.sync.changedWhen = Located(.ignoring(["seen"]))
    await bench.run()
    try bench.database("UPDATE t SET seen = 99 WHERE id = 3")
    let report = await inspect("3")
    #expect(report.verdict == .ignored)
    #expect(report.reason == "only columns differ that do not count (seen)")
  }

  @Test func `a trigger that is not selected is named`() async throws {
    bench.sync.changed.isSelected = false
    bench.sync.removed.isSelected = false
    await bench.run()
    try bench.database("UPDATE t SET name = 'B' WHERE id = 3; DELETE FROM t WHERE id = 1")
    #expect(await inspect("3").verdict == .notSelected)
    #expect(await inspect("3").reason.contains("`changed` is not selected"))
    #expect(await inspect("1").verdict == .notSelected)
  }

  @Test func `a row that is gone is found in the snapshot`() async throws {
    await bench.run()
    try bench.database("DELETE FROM t WHERE id = 2")
    let report = await inspect("2")
    #expect(report.verdict == .send)
    #expect(report.change == .removed)
    #expect(report.columns.isEmpty)
    #expect(report.snapshot.map(\.valueText) == ["2", #""Grace""#, "20"])
    #expect(report.message?.headers.contains { $0 == ("change", "removed") } == true)
    bench.sync.guards[.maxRemoved] = .percent(100)
    await bench.run()
    #expect(await inspect("2").verdict == .notFound)
  }

  @Test func `a key that nobody has is answered with those there are`() async throws {
    let report = await inspect("77")
    #expect(report.verdict == .notFound)
    #expect(report.hint == "primary keys of the result look like 1 · 2 · 3")
    try bench.database("UPDATE t SET name = 'customer-' || id")
    bench.primaryKey = ["name"]
    #expect(await inspect("Customer-1x").hint == "did you mean 'customer-1'?")
  }

  @Test(arguments: ["Ada,10", #"["Ada",10]"#, #"["Ada", "10"]"#])
  func `a key of several columns is written with commas or as JSON`(_ key: String) async {
    bench.primaryKey = ["name", "seen"]
    let report = await inspect(key)
    #expect(report.row == "Ada,10")
    #expect(report.verdict == .send)
  }

  @Test func `a rejected row says why, and what the last run made of it`() async throws {
    bench.each { $0.topic = Located(.column("name")) }
    try bench.database("UPDATE t SET name = 'a b' WHERE id = 2")
    for topic in ["Ada", "Barbara"] { bench.sink.addTopic(topic) }
    #expect(await bench.run().outcome == .doneWithProblems)
    let report = await inspect("2")
    #expect(report.verdict == .rejected)
    #expect(report.reason.contains("the topic has a character"))
    #expect(report.message == nil)
    #expect(report.notes.contains { $0.hasPrefix("the last run: rejected: the topic has") })
  }

  @Test func `an unknown topic is named, and the message is shown`() async {
    bench.each { $0.topic = Located(.text("nowhere")) }
    let report = await inspect("1")
    #expect(report.verdict == .unknownTopic)
    #expect(report.reason == "the topic 'nowhere' does not exist")
    #expect(report.message?.topic == "nowhere")
    #expect(report.message?.partition == nil)
  }

  @Test func `without a broker all but the partition is shown`() async {
    let reason = RunError(.failed, "no answer", kind: .destinationUnreachable)
    let sink = OfflineDestination(name: "events", reason: reason)
    let report = await inspect("1", sink: sink)
    #expect(report.verdict == .send)
    #expect(report.message?.partition == nil)
    #expect(report.message?.partitionReason.contains("is not known") == true)
    #expect(report.notes.first?.contains("no broker was asked (no answer)") == true)
    bench.each { $0.partition = Located(.column("seen")) }
    #expect(await inspect("1", sink: sink).message?.partition == 10)
    #expect(await inspect("1").verdict == .rejected)
  }

  @Test func `where no partition follows from the row that is said`() async throws {
    bench.each { $0.key = nil }
    #expect(await inspect("1").message?.partitionReason.contains("take turns") == true)
    bench.each { $0.key = Located(.eventID) }
    #expect(await inspect("1").message?.partition == nil)
    bench.each {
      $0.key = Located(.column("id"))
      $0.partition = Located(.column("name"))
    }
    let reason = await inspect("1").message?.partitionReason
    #expect(reason == "`partition` gives no partition number; murmur2 of the key, of 3 partitions")
  }

  @Test func `a message that waits in the state is the one that is shown`() async throws {
    await bench.run()
    let first = bench.sink.takeMessages().count
    try bench.database("UPDATE t SET name = 'B' WHERE id = 3")
    bench.sink.answer(.lose)
    #expect(await bench.run().outcome == .failed)
    try bench.database("UPDATE t SET name = 'C' WHERE id = 3")
    let report = await inspect("3")
    #expect(first == 3)
    #expect(report.verdict == .prepared)
    #expect(report.message?.value == #"{"id":3,"name":"B","seen":30}"#)
    #expect(report.columns[1].valueText == #""C""#)
    _ = bench.sink.takeMessages()
    await bench.run()
    let sent = try #require(bench.sink.takeMessages().first)
    #expect(sent.value == report.message?.value)
    let id = report.message?.headers.first { $0.name == "event-id" }?.value
    #expect(sent.headers["event-id"] == id)
  }

  @Test func `a row of an older shape is compared by the columns it has`() async throws {
    await bench.run()
    bench.sql = "SELECT id, name, seen, 'new' AS extra FROM t"
    let report = await inspect("1")
    #expect(report.verdict == .remembered)
    #expect(report.reason.contains("the model's columns changed"))
    #expect(report.snapshot.count == 3)
  }

  @Test func `the place that a row leaves is shown`() async throws {
    bench.each { $0.key = Located(.column("name")) }
    await bench.run()
    try bench.database("UPDATE t SET name = 'Augusta' WHERE id = 1")
    #expect(await inspect("1").notes.contains { $0.hasSuffix("stays (`on_move`)") })
    bench.sync.onMove = .tombstone
    bench.sync.nullValues = .unchecked
    let report = await inspect("1")
    #expect(report.message?.key == "Augusta")
    #expect(report.move?.key == "Ada")
    #expect(report.move?.value == nil)
    #expect(
      report.notes.contains {
        $0.contains("after it a null value goes to rows, partition ") && $0.hasSuffix("key Ada")
      }
    )
  }

  @Test func `an initial sync that is skipped remembers only`() async {
    bench.sync.initialSync = .skip
    #expect(await inspect("1").verdict == .remembered)
  }

  @Test func `rows with one key are told`() async throws {
    bench.sql = "SELECT * FROM t UNION ALL SELECT 1, 'again', 0"
    let report = await inspect("1")
    #expect(report.notes.first == "2 rows of the result have this key; only one can count")
    #expect(report.message?.value?.contains("Ada") == true)
  }

  @Test func `a first row without a key is invalid`() async {
    bench.sql = "SELECT NULL AS id, 'x' AS name, 1 AS seen"
    #expect(await inspect().verdict == .invalid)
    bench.sql = "SELECT * FROM t WHERE false"
    #expect(await inspect().verdict == .notFound)
  }

  @Test func `a wrong column stops it with its place`() async {
    bench.each { $0.key = Located(.column("nmae")) }
    #expect(await inspect("1").error?.code == .configuration)
  }

  @Test func `a row of Postgres is shown with the types that Postgres names`() async throws {
    let postgres = try PostgresBench(
      """
      CREATE TABLE t (tenant text, id bigint, at timestamptz, price numeric(8, 2), tags text[]);
      INSERT INTO t VALUES ('a,b', 1, '2024-05-06 07:08:09+00', 1.50, '{x}'), ('c', 2, null, null, null)
      """
    )
    let made = postgres.bench
    made.primaryKey = ["tenant", "id"]
    made.sql = "SELECT * FROM t"
    func inspect(_ key: String?) async -> InspectReport {
      let run = made.makeRun(source: postgres.source)
      return await InspectRun(of: run, key: key, scratchPath: made.directory + "/scratch.db")
        .execute()
    }
    let report = await inspect(#"["a,b",1]"#)
    #expect(report.error == nil)
    #expect(report.row == "a,b,1")
    #expect(
      report.columns.map { "\($0.name) \($0.type) \($0.valueText)" } == [
        #"tenant text "a,b""#, "id bigint 1",
        #"at timestamp with time zone "2024-05-06T07:08:09Z""#, "price numeric 1.50",
        #"tags text[] ["x"]"#,
      ]
    )
    #expect(await inspect("a,b,1").row == "a,b,1")
    #expect(await inspect("c,2").columns[2].valueText == "null")
    #expect(await inspect(nil).verdict == .send)
    await postgres.run()
    postgres.sql("DELETE FROM t WHERE id = 1; UPDATE t SET price = 2 WHERE id = 2")
    #expect(await inspect(#"["a,b","1"]"#).change == .removed)
    #expect(await inspect("c,2").change == .changed)
  }

  @Test func `it can look during a run`() async throws {
    await bench.run()
    try bench.database(
      """
      WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
      INSERT INTO t SELECT i, 'v' || i, i FROM n
      """
    )
    let run = bench.makeRun()
    async let finished = run.execute()
    var reports: [InspectReport] = []
    for key in 1...5 { reports.append(await inspect(String(min(key, 3)))) }
    #expect(await finished.outcome == .done)
    #expect(reports.allSatisfy { $0.error == nil && $0.verdict == .unchanged })
  }
}
