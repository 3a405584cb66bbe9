import Sync
import Reports
import Rows
import Settings
import Testing

@Suite struct SyncTestRunTests {
  private var sync: SyncSettings
  private var model = ModelSettings(
    name: "m",
    file: "models/m.sql",
    sql: "SELECT 1",
    source: "shop",
    primaryKey: [Located("id")],
    types: [:]
  )
  private var source = SourceSettings.postgres(parameters: [], session: [])

  init() throws {
    sync = try Bench().sync
  }

  private mutating func each(_ change: (inout MessageSettings) -> Void) {
    change(&sync.added)
    change(&sync.changed)
    change(&sync.removed)
  }

  private func run(
    _ change: Change,
    _ row: KeyValuePairs<String, Literal>,
    previous: KeyValuePairs<String, Literal> = [:],
    expect: SyncTestCase.Expectation = .none
  ) -> SyncTestResult {
    let test = SyncTestCase(
      name: "case",
      location: SourceLocation(file: "syncs/s.test.yml", line: 1, column: 1),
      change: change,
      row: row.map { SyncTestCase.Column(name: $0.key, value: $0.value) },
      previous: previous.map { SyncTestCase.Column(name: $0.key, value: $0.value) },
      expectation: expect
    )
    return SyncTestRun(sync: sync, model: model, source: source).run(test)
  }

  private func message(_ result: SyncTestResult) -> InspectReport.Message? {
    guard case .message(let message)? = result.outcome else { return nil }
    return message
  }

  private func reason(_ result: SyncTestResult) -> String? {
    switch result.outcome {
    case .rejected(let reason): "rejected: \(reason)"
    case .nothing(let reason): "nothing: \(reason)"
    default: result.error?.message
    }
  }

  // MARK: - Rows

  @Test func `values are typed as the file writes them`() {
    let result = run(
      .added,
      [
        "id": .number("1"), "n": .number("1.50"), "big": .number("123456789012345678901234567890"),
        "ok": .boolean(true), "text": .string("tab\there, \\N and \"quotes\""), "none": .null,
        "list": .json(#"[1,{"a":[]}]"#), "digits": .string("007"),
      ]
    )
    #expect(
      message(result)?.value
        == #"{"id":1,"n":1.50,"big":123456789012345678901234567890,"ok":true,"#
        + #""text":"tab\there, \\N and \"quotes\"","none":null,"list":[1,{"a":[]}],"digits":"007"}"#
    )
  }

  @Test mutating func `the model's casts count, as in the database`() {
    model.types = [
      "ok": Located(.boolean), "attrs": Located(.json), "at": Located(.timestamp),
      "n": Located(.numeric), "b": Located(.bytes), "t": Located(.text),
    ]
    let row: KeyValuePairs<String, Literal> = [
      "id": .number("1"), "ok": .number("0"), "attrs": .json(#"{"a":1}"#),
      "at": .string("2024-05-06 07:08:09"), "n": .string("1.50"), "b": .string("hi"),
      "t": .number("5"),
    ]
    let value =
      #"{"id":1,"ok":false,"attrs":{"a":1},"at":"2024-05-06T07:08:09","n":1.50,"b":"aGk=","t":"5"}"#
    #expect(message(run(.added, row))?.value == value)
    source = .sqlite(path: "shop.db", isImmutable: false)
    #expect(message(run(.added, row))?.value == value)
    #expect(
      reason(run(.added, ["id": .number("1"), "ok": .string("maybe")]))?.contains("boolean") == true
    )
  }

  @Test mutating func `SQLite has no booleans and no JSON of its own`() {
    source = .sqlite(path: "shop.db", isImmutable: false)
    let result = run(
      .added,
      ["id": .number("1"), "ok": .boolean(true), "list": .json("[1]"), "n": .number("1.5")]
    )
    #expect(message(result)?.value == #"{"id":1,"ok":1,"list":"[1]","n":1.5}"#)
  }

  @Test mutating func `what a test shows is what a run sends`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c, d); INSERT INTO t VALUES (7, 'x\ty', 1.5, NULL, -3)"
    )
    each {
      $0.body = .template(
        Located("{\"a\": {{ row.a }}, \"all\": [{{ row.b }}, {{ row.c }}, {{ row.d }}]}")
      )
      $0.headers = [HeaderForm(name: "h", value: Located(.template("{{ row.a | upcase }}")))]
    }
    bench.sync = sync
    await bench.run()
    let sent = try #require(bench.sink.messages.first)
    source = .sqlite(path: "shop.db", isImmutable: false)
    let made = message(
      run(
        .added,
        [
          "id": .number("7"), "a": .string("x\ty"), "b": .number("1.5"), "c": .null,
          "d": .number("-3"),
        ]
      )
    )
    #expect(made?.value == sent.value)
    #expect(made?.key == sent.key)
    #expect(made?.headers.first { $0.name == "h" }?.value == sent.headers["h"])
  }

  // MARK: - Outcomes

  @Test mutating func `changes that do not count leave nothing`() {
    sync.changedWhen = Located(.ignoring(["seen"]))
    let row: KeyValuePairs<String, Literal> = [
      "id": .number("1"), "a": .string("x"), "seen": .number("2"),
    ]
    #expect(
      reason(run(.changed, row, previous: ["seen": .number("1")]))
        == "nothing: only columns differ that do not count (seen)"
    )
    #expect(reason(run(.changed, row)) == "nothing: no column differs")
    #expect(message(run(.changed, row, previous: ["a": .null])) != nil)
    sync.changedWhen = Located(.only(["seen"]))
    #expect(message(run(.changed, row, previous: ["seen": .number("1")])) != nil)
    #expect(reason(run(.changed, row, previous: ["a": .null]))?.hasPrefix("nothing:") == true)
  }

  @Test mutating func `a trigger that is not selected leaves nothing`() {
    sync.removed.isSelected = false
    let result = run(.removed, ["id": .number("1")], expect: .nothing)
    #expect(reason(result) == "nothing: the trigger `removed` is not selected")
    #expect(result.isPassed)
  }

  @Test mutating func `a row that cannot be sent is rejected with its reason`() {
    each { $0.topic = Located(.column("t")) }
    let bad = run(
      .added,
      ["id": .number("1"), "t": .string("a b")],
      expect: .rejected("character")
    )
    #expect(bad.isPassed)
    #expect(
      reason(run(.added, ["id": .null, "t": .string("a")]))?.contains("primary key is NULL") == true
    )
    let wrong = run(
      .added,
      ["id": .number("1"), "t": .string("a b")],
      expect: .rejected("nonsense")
    )
    #expect(wrong.differences.map(\.path) == ["outcome"])
    #expect(wrong.differences.first?.actual?.hasPrefix("rejected: the topic has") == true)
  }

  @Test mutating func `templates see the change, the values before it, and a fixed time`() {
    each {
      $0.body = .template(
        Located(
          #"{"c": {{ change }}, "cols": {{ changed_columns | json }}, "old": {{ previous.a }}, "now": "{{ now }}", "id": "{{ event.id }}", "run": "{{ run.id }}"}"#
        )
      )
    }
    let result = run(
      .changed,
      ["id": .number("1"), "a": .string("new"), "b": .number("1")],
      previous: ["a": .string("old")]
    )
    #expect(
      message(result)?.value
        == #"{"c":"changed","cols":["a"],"old":"old","now":"2000-01-01T00:00:00Z","#
        + #""id":"evt_00000000000000000000000000","run":"run_test"}"#
    )
  }

  @Test mutating func `a removal shows the row, and a tombstone nothing`() {
    #expect(
      message(run(.removed, ["id": .number("1"), "a": .string("x")]))?.value?.contains("x") == true
    )
    sync.removed.body = .tombstone
    let result = run(
      .removed,
      ["id": .number("1")],
      expect: .message(ExpectedMessage(key: .some("1"), message: .some(nil)))
    )
    #expect(result.isPassed)
    #expect(message(result)?.value == nil)
  }

  @Test mutating func `a case needs only the columns of its own change`() {
    sync.removed.body = .columns([Located("deleted_by")])
    #expect(message(run(.added, ["id": .number("1")])) != nil)
    let result = run(.removed, ["id": .number("1")])
    #expect(result.outcome == nil)
    #expect(result.error?.message == "the model has no column 'deleted_by'")
    #expect(!result.isPassed)
  }

  // MARK: - Comparison

  @Test mutating func `what is named is compared, by value`() {
    each { $0.partition = Located(.column("p")) }
    let row: KeyValuePairs<String, Literal> = [
      "id": .number("1"), "p": .number("4"), "n": .number("1.50"),
      "list": .json(#"[{"type":"email"},2]"#),
    ]
    let good = ExpectedMessage(
      topic: "rows",
      key: .some("1"),
      partition: .some(4),
      headers: [.init(name: "change", value: "added"), .init(name: "other", value: nil)],
      message: .some(#"{"list":[{"type":"email"},2.0],"n":1.5,"p":4,"id":1}"#)
    )
    #expect(run(.added, row, expect: .message(good)).differences == [])
    let bad = ExpectedMessage(
      topic: "others",
      key: .some(nil),
      partition: .some(nil),
      headers: [.init(name: "change", value: nil), .init(name: "other", value: "x")],
      message: .some(#"{"list":[{"type":"phone","n":1}],"n":"1.5","p":4,"more":null}"#)
    )
    #expect(
      run(.added, row, expect: .message(bad)).differences
        == [
          .init(path: "topic", expected: #""others""#, actual: #""rows""#),
          .init(path: "key", expected: nil, actual: #""1""#),
          .init(path: "partition", expected: nil, actual: "4"),
          .init(path: "headers.change", expected: nil, actual: #""added""#),
          .init(path: "headers.other", expected: #""x""#, actual: nil),
          .init(path: "message.list[0].type", expected: #""phone""#, actual: #""email""#),
          .init(path: "message.list[0].n", expected: "1", actual: nil),
          .init(path: "message.list[1]", expected: nil, actual: "2"),
          .init(path: "message.n", expected: #""1.5""#, actual: "1.50"),
          .init(path: "message.more", expected: "null", actual: nil),
          .init(path: "message.id", expected: nil, actual: "1"),
        ]
    )
  }

  @Test mutating func `a header with a secret's name shows none`() {
    each { $0.headers = [HeaderForm(name: "X-Token", value: Located(.text("hunter2")))] }
    let expected = ExpectedMessage(headers: [.init(name: "X-Token", value: "***")])
    #expect(run(.added, ["id": .number("1")], expect: .message(expected)).isPassed)
  }

  @Test func `a case without an expectation does not pass`() {
    #expect(!run(.added, ["id": .number("1")]).isPassed)
  }

  @Test func `a partition that only Kafka knows is none`() {
    let expected = ExpectedMessage(partition: .some(nil))
    #expect(run(.added, ["id": .number("1")], expect: .message(expected)).isPassed)
  }
}
