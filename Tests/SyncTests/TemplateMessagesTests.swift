import Sync
import Reports
import Settings
import Testing

@Suite struct TemplateMessagesTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, full_name TEXT, age INTEGER, email TEXT);
      INSERT INTO t VALUES (1, 'Ada "Countess" Lovelace', 36, 'ada@example.com'), (2, NULL, NULL, NULL);
      """
    )
  }

  @Test func `the contact template gives valid JSON whatever the row holds`() async throws {
    let template = """
      { "name": "{{ row.full_name }}", "age": {{ row.age }},
        "contact_info": [ {"type": "email", "value": "{{ row.email }}"} ] }
      """
    bench.each { $0.body = .template(Located(template)) }
    try bench.database(
      #"INSERT INTO t VALUES (3, '\","x":1' || char(10) || '</script>', '7" ,', '😀')"#
    )
    await bench.run()
    #expect(
      bench.values() == [
        #"{"name":"Ada \"Countess\" Lovelace","age":36,"contact_info":[{"type":"email","value":"ada@example.com"}]}"#,
        #"{"name":"","age":null,"contact_info":[{"type":"email","value":""}]}"#,
        #"{"name":"\\\",\"x\":1\n</script>","age":"7\" ,","contact_info":[{"type":"email","value":"😀"}]}"#,
      ]
    )
  }

  @Test func `previous and changed_columns show the row before its change`() async throws {
    let template =
      #"{"was": {{ previous.full_name }}, "is": {{ row.full_name }}, "changed": {{ changed_columns }}, "change": {{ change }}}"#
    bench.each { $0.body = .template(Located(template)) }
    await bench.run()
    #expect(
      bench.values().first
        == #"{"was":null,"is":"Ada \"Countess\" Lovelace","changed":[],"change":"added"}"#
    )
    try bench.database("UPDATE t SET full_name = 'Ada' WHERE id = 1")
    await bench.run()
    #expect(
      bench.values() == [
        #"{"was":"Ada \"Countess\" Lovelace","is":"Ada","changed":["full_name"],"change":"changed"}"#
      ]
    )
  }

  @Test func `templates make topics, keys and headers`() async throws {
    bench.sink.addTopic("rows.1")
    bench.sink.addTopic("rows.2")
    bench.each { settings in
      settings.topic = Located(.template("rows.{{ row.id }}"))
      settings.key = Located(.template("{{ row.email | default: 'nobody' }}-{{ row.id }}"))
      settings.headers = [
        HeaderForm(name: "who", value: Located(.template("{{ sync.name }}/{{ event.id | size }}")))
      ]
    }
    await bench.run()
    let messages = bench.sink.takeMessages()
    #expect(messages.map(\.topic) == ["rows.1", "rows.2"])
    #expect(messages.map(\.key) == ["ada@example.com-1", "nobody-2"])
    #expect(messages.map { $0.headers["who"] } == ["s/30", "s/30"])
  }

  @Test func `under columns a lone output keeps its type, any other gives a string`() async throws {
    let members = [
      NamedMember(name: "age", form: .value(Located(.template("{{ row.age }}")))),
      NamedMember(name: "text", form: .value(Located(.template("{{ row.age }} years")))),
      NamedMember(name: "change", form: .value(Located(.variable("change")))),
    ]
    bench.each { $0.body = .object(members) }
    await bench.run()
    #expect(
      bench.values() == [
        #"{"age":36,"text":"36 years","change":"added"}"#,
        #"{"age":null,"text":" years","change":"added"}"#,
      ]
    )
  }

  @Test func `an unknown column stops the run before anything is sent`() async throws {
    bench.each { $0.body = .template(Located("{{ row.emial }}")) }
    let report = await bench.run()
    #expect(report.outcome == .misconfigured)
    #expect(report.error?.message.contains("emial") == true)
    #expect(bench.values() == [])
  }

  @Test func `a template that fails on a row rejects that row`() async throws {
    bench.each { $0.body = .template(Located(#"{"n": {{ 10 | divided_by: row.age }}}"#)) }
    try bench.database("UPDATE t SET age = 0 WHERE id = 2; UPDATE t SET age = 5 WHERE id = 1")
    let report = await bench.run()
    #expect(report.counts.rejected == 1)
    #expect(bench.values() == [#"{"n":2}"#])
  }
}
