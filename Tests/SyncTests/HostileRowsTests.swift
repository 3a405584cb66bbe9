import Sync
import Foundation
import Reports
import Settings
import TestSupport
import Testing

/// Rows that nobody wishes for, through every kind of value in every place of a message: each one
/// is a message with a value that a strict parser of somebody else takes, or is rejected with the reason.
@Suite struct HostileRowsTests {
  /// Expressions of SQL for what SQLite can hold.
  static let values: [String] = [
    // Texts that mean something to JSON, COPY, Liquid, YAML or C.
    "'a\"b\\c/d'", "'\\N'", "'\\.'", "'\\u0041'", "''", "'null'", "'true'", "'\"'", "'{'", "'}'",
    "'{{ row.id }}'", "'{% raw %}'", "'${HOME}'", "char(9, 10, 13, 8, 12)", "char(1, 2, 31, 127)",
    "char(8232, 8233, 65279, 65535)", "char(128169)", "'a' || char(0) || 'b'",
    "replace(hex(zeroblob(20000)), '0', '\"')", "replace(hex(zeroblob(20000)), '0', char(1))",
    // No UTF-8.
    "CAST(x'ff' AS TEXT)", "CAST(x'c080' AS TEXT)", "CAST(x'eda080' AS TEXT)",
    "CAST(x'f8808080' AS TEXT)", "CAST(x'61c3' AS TEXT)", "CAST(x'22ff22' AS TEXT)",
    "CAST(x'f4908080' AS TEXT)", "CAST(x'7b2261223a22ff227d' AS TEXT)",
    // JSON, nearly JSON, and too much of it.
    "'{\"a\": [1, {\"b\": null}]}'", "'{\"a\":1,\"a\":2}'", "'[1e400, -1e-400, 1E+2]'", "'[NaN]'",
    "'{\"a\": \"\\ud800\"}'", "'{\"a\": \"\\u0000\"}'", "'{\"a\": 01}'", "'[1,]'", "'{} {}'",
    "'\"' || char(10) || '\"'",
    "replace(hex(zeroblob(400)), '0', '[') || replace(hex(zeroblob(400)), '0', ']')",
    "replace(hex(zeroblob(20000)), '0', '[')", "replace(hex(zeroblob(20000)), '00', '{\"a\":')",
    // Numbers, and texts like numbers.
    "9e999", "-9e999", "1e308", "5e-324", "-0.0", "9223372036854775807", "-9223372036854775808",
    "'1e400'", "'NaN'", "'-Infinity'", "'0x1F'", "'1_000'", "'1.'", "'.5'", "'-'", "'١٢'",
    "replace(hex(zeroblob(5000)), '0', '9')", "'1e999999999999'",
    // Dates that are none, and those far away.
    "'2024-02-30'", "'99999-01-01'", "'-0044-03-15'", "'2024-01-01T25:61:61Z'",
    "'2024-01-01 10:00:00+99:99'", "'infinity'", "253402300800", "-9223372036854775808",
    // Bytes, and nothing.
    "x''", "x'00ff'", "zeroblob(20000)", "NULL",
  ]

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let change: @Sendable (inout MessageSettings) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout MessageSettings) -> Void) {
      testDescription = name
      self.change = change
    }
  }

  private static let forms: [(String, ValueForm)] = [
    ("column", .column("v")), ("template", .template("{{ row.v }}")),
    ("template_file", .templateFile(text: "{{ row.v | strip | append: row.v }}", path: "t.liquid")),
    ("jmespath", .jmespath("data.v")), ("variable", .variable("row.v")),
    ("value", .literal(.string("\u{0}\u{1}\"\\{{ \u{2028}"))),
  ]

  /// Every form as a topic, key, partition, header and member.
  private static let placed: [Case] = forms.flatMap { name, form in
    [
      Case("topic by \(name)") { $0.topic = Located(form) },
      Case("key by \(name)") { $0.key = Located(form) },
      Case("partition by \(name)") { $0.partition = Located(form) },
      Case("header by \(name)") { $0.headers = [HeaderForm(name: "h", value: Located(form))] },
      Case("member by \(name)") { settings in
        let member = NamedMember(name: "\"\u{1}", form: .value(Located(form)))
        settings.body = .object([member, NamedMember(name: "n", form: .object([member]))])
      },
    ]
  }

  private static let bodies: [Case] = [
    Case("key by event_id") { $0.key = Located(.eventID) },
    Case("all columns") { $0.body = .allColumns },
    Case("some columns") { $0.body = .columns([Located("v")]) },
    Case("body by column") { $0.body = .column(Located("v")) },
    Case("body by jmespath") {
      $0.body = .jmespath(Located("{all: data, v: data.v, t: type(data.v)}"))
    },
    Case("body by failing jmespath") { $0.body = .jmespath(Located("{n: abs(data.v)}")) },
    Case("body by jmespath as text") { $0.body = .jmespath(Located("to_string(data.v)")) },
    Case("body by template") { settings in
      settings.body = .template(
        Located(
          #"{"in": "<{{ row.v }}>", "out": {{ row.v }}, "row": {{ row }}, "j": {{ row.v | json | raw }}}"#
        )
      )
    },
    Case("body by template file") { settings in
      settings.body = .templateFile(
        text:
          #"{"a": "{{ row.v | upcase | truncate: 20 }}", "b": [{% for x in row.v %}{{ x }},{% endfor %}0]}"#,
        path: Located("b.liquid")
      )
    },
    Case("body by raw template") { $0.body = .template(Located(#"{"a": {{ row.v | raw }}}"#)) },
    Case("body by raw text") { $0.body = .template(Located(#"{"a": "{{ row.v | raw }}"}"#)) },
  ]

  static let cases = placed + bodies

  @Test(arguments: cases) func `of SQLite`(_ item: Case) async throws {
    try await check(item, cast: nil)
  }

  /// A million characters that each need an escape, as many bytes, and as much JSON.
  private static let large = [
    "replace(hex(zeroblob(500000)), '0', '\"')", "zeroblob(1000000)",
    "'[' || replace(hex(zeroblob(250000)), '00', '{},') || '0]'",
  ]

  @Test(arguments: ["all columns", "body by template", "body by jmespath", "key by column"])
  func `of a million bytes`(_ name: String) async throws {
    let item = try #require(Self.cases.first { $0.testDescription == name })
    try await check(item, cast: nil, values: Self.large)
  }

  @Test(arguments: CastType.allCases) func `of SQLite, cast`(_ cast: CastType) async throws {
    for name in ["all columns", "body by template", "body by jmespath", "key by column"] {
      let item = try #require(Self.cases.first { $0.testDescription == name })
      try await check(item, cast: cast)
    }
  }

  private func check(_ item: Case, cast: CastType?, values: [String] = values) async throws {
    let rows = values.map { "(\($0))" }.joined(separator: ", ")
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t (v) VALUES \(rows)"
    )
    if let cast { bench.types = ["v": cast] }
    bench.sync.unknownTopic = .reject
    bench.each { item.change(&$0) }
    let report = await bench.run()
    #expect(report.error == nil, "\(item.testDescription) as \(cast.map { "\($0)" } ?? "it is")")
    #expect(report.counts.read == values.count)
    let messages = bench.sink.takeMessages()
    #expect(messages.count + report.counts.rejected == values.count)
    // Topics are illegal; a million bytes may be more than a rendering may give.
    let mayBeNone = item.testDescription.hasPrefix("topic") || values.count < 10
    #expect(!messages.isEmpty || mayBeNone)
    try await StrictParser.check(messages, item.testDescription)
    // What was rejected is tried again, what was sent is not.
    let again = await bench.run()
    #expect(again.counts.rejected == report.counts.rejected)
    #expect(again.counts.sent == 0)
  }

  // MARK: - Postgres

  static let postgresValues = [
    "'NaN'::numeric", "'Infinity'::numeric", "'-Infinity'::numeric", "'1e131000'::numeric",
    "'-1e-16000'::numeric", "'NaN'::float8", "'-Infinity'::float4", "'5e-324'::float8",
    "'infinity'::date", "'-infinity'::timestamp", "'infinity'::timestamptz",
    "'5874897-12-31'::date",
    "'4713-01-01 BC'::date", "'294276-12-31 23:59:59.999999'::timestamp",
    "'4713-01-01 BC'::timestamptz", "'24:00:00'::time", "'00:00:00+15:59'::timetz",
    "'-178000000 years'::interval", "'[1e400, 1E-400]'::json", "'{\"a\": 1e400}'::jsonb",
    "'{\"a\":1,\"a\":2}'::json", "'\"\\ud83d\\ude00\"'::jsonb",
    "(repeat('[', 3000) || repeat(']', 3000))::json",
    "E'a\"b\\\\c\\x01\\x7f\\n'", "repeat('\"', 100000)", "''", "'\\x00ff'::bytea",
    "ARRAY['NaN'::float8, NULL]", "ARRAY[E'a\"\\\\{},', NULL, 'NULL']",
    "ARRAY[['a','b'],['c','d']]",
    "'[0:1]={1,2}'::int[]", "'{}'::int[]", "ROW(1, 'a\"b', NULL)", "'[1,)'::int4range",
    "'<a>&amp;</a>'::xml", "'$1,000.00'::money", "B'101'", "'a'::\"char\"", "'(1,NaN)'::point",
    "'a=>\"b\"'", "9223372036854775807::int8", "false", "NULL::int", "'2001:db8::/32'::cidr",
  ]

  @Test(
    .enabled(if: PostgresCluster.isInstalled, "no Postgres here"),
    arguments: [
      "body by template", "body by jmespath", "key by column",
    ]
  )
  func `of Postgres`(_ name: String) async throws {
    let item = try #require(Self.cases.first { $0.testDescription == name })
    let database = try PostgresBench().database
    for value in Self.postgresValues {
      let postgres = try PostgresBench(database: database)
      let bench = postgres.bench
      bench.sync.unknownTopic = .reject
      bench.each { item.change(&$0) }
      let report = await postgres.run("SELECT 1 AS id, \(value) AS v")
      #expect(report.error == nil, "\(value): \(report.error.map { "\($0)" } ?? "")")
      let messages = bench.sink.takeMessages()
      #expect(messages.count + report.counts.rejected == 1, "\(value)")
      try await StrictParser.check(messages, "\(name) of \(value)")
    }
  }
}

/// Python's parser, told to take nothing but JSON in UTF-8.
private enum StrictParser {
  private static let script = """
    import base64, json, sys, threading
    def refuse(constant): raise ValueError(constant)
    def check():
      sys.setrecursionlimit(1000000)
      for number, line in enumerate(sys.stdin):
        data = base64.b64decode(line)
        try:
          json.loads(data.decode('utf-8', 'strict'), parse_constant=refuse, parse_int=str)
        except Exception as error:
          print(number, error, data[:100])
    threading.stack_size(512 << 20)
    thread = threading.Thread(target=check); thread.start(); thread.join()
    """

  static func check(_ messages: [RecordingSink.Message], _ what: String) async throws {
    let folder = NSTemporaryDirectory() + "sluice-hostile-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = messages.map { Data($0.bytes).base64EncodedString() + "\n" }.joined()
    try lines.write(toFile: folder + "/values", atomically: true, encoding: .utf8)
    try script.write(toFile: folder + "/check.py", atomically: true, encoding: .utf8)
    let result = await Shell.run("python3 \(folder)/check.py < \(folder)/values")
    #expect(result.code == 0 && result.output.isEmpty, "\(what): \(result)")
  }
}
