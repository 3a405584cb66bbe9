import Sync
import Reports
import Settings
import Testing

@Suite struct ExpressionMessagesTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, order_id TEXT, status TEXT, customer_id TEXT);
      INSERT INTO t VALUES (1, '123', 'created', 'c7'), (2, '124', 'created', NULL), (3, '125', 'x', '');
      """
    )
  }

  @Test func `a key by expression is the event id where it is null or empty`() async throws {
    bench.each { $0.key = Located(.jmespath("data.customer_id")) }
    await bench.run()
    let messages = bench.sink.takeMessages()
    #expect(messages.first?.key == "c7")
    for message in messages.dropFirst() {
      #expect(message.key?.hasPrefix("evt_") == true)
      #expect(message.key == message.headers["event-id"])
    }
  }

  @Test func `a key by expression is the event id where it fails, a topic rejects the row`()
    async throws
  {
    bench.each { $0.key = Located(.jmespath("length(data.id)")) }
    await bench.run()
    let messages = bench.sink.takeMessages()
    #expect(messages.count == 3)
    #expect(messages.allSatisfy { $0.key == $0.headers["event-id"] })
    bench.each { $0.topic = Located(.jmespath("length(data.id)")) }
    try bench.database("UPDATE t SET status = 'paid' WHERE id = 1")
    #expect(await bench.run().counts.rejected == 1)
    #expect(bench.sink.takeMessages().isEmpty)
  }

  @Test func `a column that the model lacks is found before anything is sent`() async throws {
    bench.each { $0.body = .jmespath(Located("{a: data.id, b: data.statsu}")) }
    let report = await bench.run()
    #expect(report.error.map { "\($0)" }?.contains("no column 'statsu'") == true)
    #expect(bench.sink.takeMessages().isEmpty)
  }

  @Test func `data as the body and headers as metadata, as an event gateway has them`() async throws
  {
    bench.each { settings in
      settings.systemHeaders = SystemHeader.allCases
      settings.headers = [HeaderForm(name: "source", value: Located(.text("checkout-service")))]
      settings.key = Located(.eventID)
      settings.body = .jmespath(Located("data.{order_id: order_id, status: status}"))
    }
    await bench.run()
    let message = try #require(bench.sink.takeMessages().first)
    #expect(message.value == #"{"order_id":"123","status":"created"}"#)
    #expect(message.key == message.headers["event-id"])
    #expect(message.headers["content-type"] == "application/json")
    #expect(message.headers["source"] == "checkout-service")
    #expect(message.headers["topic"] != nil)
    #expect(message.headers["timestamp"] != nil)
  }

  @Test func `expressions see previous and metadata with the sync's headers`() async throws {
    bench.each { settings in
      settings.headers = [
        HeaderForm(name: "source", value: Located(.text("shop"))),
        HeaderForm(name: "who", value: Located(.jmespath("metadata.[sync, source]"))),
        HeaderForm(name: "none", value: Located(.jmespath("previous.status"))),
      ]
      settings.body = .jmespath(
        Located(
          "{was: previous.status, is: data.status, by: metadata.source, what: metadata.change, columns: metadata.changed_columns}"
        )
      )
    }
    await bench.run()
    let first = try #require(bench.sink.takeMessages().first)
    #expect(
      first.value == #"{"was":null,"is":"created","by":"shop","what":"added","columns":[]}"#
    )
    #expect(first.headers["who"] == #"["s",null]"#)
    #expect(first.headers["none"] == nil)
    try bench.database("UPDATE t SET status = 'paid' WHERE id = 1")
    await bench.run()
    let second = try #require(bench.sink.takeMessages().first)
    #expect(
      second.value
        == #"{"was":"created","is":"paid","by":"shop","what":"changed","columns":["status"]}"#
    )
    #expect(second.headers["none"] == "created")
  }

  @Test func `an expression under columns keeps its type`() async throws {
    bench.each { settings in
      settings.body = .object([
        NamedMember(name: "n", form: .value(Located(.jmespath("data.id")))),
        NamedMember(name: "keys", form: .value(Located(.jmespath("keys(data)")))),
      ])
    }
    await bench.run()
    #expect(
      bench.values().first == #"{"n":1,"keys":["id","order_id","status","customer_id"]}"#
    )
  }
}
