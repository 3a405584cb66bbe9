import Sync
import Foundation
import Reports
import Settings
import TestSupport
import Testing

/// What a table of a document cannot hold: control characters, long values, odd databases.
@Suite(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
struct PostgresTypesTests {
  @Test func `control characters are escaped, and COPY's escapes do not show`() async throws {
    let bench = try PostgresBench()
    let found = try await bench.send([
      #"E'a\tb\nc\rd\be\ff\x0bg\x01h\x7f'"#, #"E'\\.'"#, #"E'\\t\\n\\\\'"#, #"E'\t'"#,
      #"ARRAY[E'a\tb\n"\\N"', E'\\N', E'\n']"#, #"(1, E'a\tb\\')::text"#,
    ])
    #expect(
      found == [
        #""a\tb\nc\rd\be\ff\u000bg\u0001h"# + "\u{7f}\"", #""\\.""#, #""\\t\\n\\\\""#, #""\t""#,
        #"["a\tb\n\"\\N\"","\\N","\n"]"#, #""(1,\"a\tb\\\\\")""#,
      ]
    )
  }

  @Test func `json keeps what it says and loses only blanks`() async throws {
    let bench = try PostgresBench()
    let found = try await bench.send([
      "E'\\n{ \"a\" :\\t[ 1 , 2.0e+5 ],\\r\\n \"a\": \"x  y\" }\\n '::json",
      #"'{"a": "tab\there \u0000 \ud83d\ude00"}'::json"#, #"E'["\\\\N", "\\\\"]'::json"#,
      "'[]'::json", "'{}'::jsonb", "json_build_object('a', E'\\n\\t\"\\\\')",
      "to_jsonb(12345678901234567890.123456789)", "E'{\"a\":\\n[1,\\n2]}'::json",
      "ARRAY[E'{\\n\"a\": \"\\\\\"\\\\\\\\\"}']::json[]",
    ])
    #expect(
      found == [
        #"{"a":[1,2.0e+5],"a":"x  y"}"#, #"{"a":"tab\there \u0000 \ud83d\ude00"}"#,
        #"["\\N","\\"]"#, "[]", "{}", #"{"a":"\n\t\"\\"}"#, "12345678901234567890.123456789",
        #"{"a":[1,2]}"#, #"[{"a":"\"\\"}]"#,
      ]
    )
  }

  @Test func `numerics of any length go digit for digit`() async throws {
    let bench = try PostgresBench()
    let digits = String(repeating: "1234567890", count: 10)
    let long = String(repeating: "9", count: 131_072)
    let fraction = String(repeating: "7", count: 16_383)
    let found = try await bench.send([
      digits, "-\(digits).\(digits)", "\(long)::numeric", "0.\(fraction)", "1e100::numeric",
      "ARRAY[\(digits), -0.\(digits)]",
    ])
    #expect(
      found == [
        digits, "-\(digits).\(digits)", long, "0.\(fraction)",
        "1" + String(repeating: "0", count: 100), "[\(digits),-0.\(digits)]",
      ]
    )
  }

  @Test func `long values of every kind arrive whole`() async throws {
    let bench = try PostgresBench()
    let found = try await bench.send([
      "repeat('ä\"', 200000)", "decode(repeat('00ff10', 100000), 'hex')",
      "array_fill('x y'::text, ARRAY[10000])", "json_build_array(repeat('y', 1500000))",
    ])
    #expect(found[0] == "\"" + String(repeating: #"ä\""#, count: 200_000) + "\"")
    #expect(found[1] == "\"" + String(repeating: "AP8Q", count: 100_000) + "\"")
    #expect(found[2].utf8.count == 10_000 * 6 + 1)
    #expect(found[3] == "[\"" + String(repeating: "y", count: 1_500_000) + "\"]")
  }

  @Test func `every type as topic, key and partition`() async throws {
    let bench = try PostgresBench()
    bench.bench.sink.addTopic("2024-05-06")
    bench.bench.each { message in
      message.topic = Located(.column("d"))
      message.key = Located(.column("k"))
      message.partition = Located(.column("p"))
    }
    for (key, text) in [
      ("true", "true"), ("1.50", "1.50"), ("'\\x6869'::bytea", "hi"), ("ARRAY[1, 2]", "[1,2]"),
      ("'{\"a\": 1}'::jsonb", #"{"a":1}"#), ("'\"x\"'::json", "x"), ("''::bytea", nil),
      ("'2024-05-06 07:08+00'::timestamptz", "2024-05-06T07:08:00Z"), ("NULL::json", nil),
      ("''::text", nil), ("E'a\\tb'", "a\tb"), ("'NaN'::float8", "NaN"),
    ] as [(String, String?)] {
      let report = await bench.run(
        "SELECT \(Int.random(in: 1...Int.max)) AS id, '2024-05-06'::date AS d, 2::smallint AS p,"
          + " \(key) AS k"
      )
      #expect(report.counts.rejected == 0, "\(key)")
      let message = bench.bench.sink.takeMessages().first { $0.headers["change"] == "added" }
      #expect(message?.key == text, "\(key)")
      #expect(message?.topic == "2024-05-06")
      #expect(message?.partition == 2)
    }
  }

  @Test func `a column that holds the whole message, as json and as text`() async throws {
    let bench = try PostgresBench()
    bench.bench.each { $0.body = .column(Located("doc")) }
    let report = await bench.run(
      """
      SELECT 1 AS id, '{ "a": "x\\ny" }' AS doc UNION ALL SELECT 2, ' [1, 2] '
      UNION ALL SELECT 3, 'no json' UNION ALL SELECT 4, NULL ORDER BY id
      """
    )
    #expect(report.counts.rejected == 1)
    #expect(bench.bench.values() == [#"{"a":"x\ny"}"#, "[1,2]", "null"])
    await bench.run("SELECT 1 AS id, '{ \"b\": [ ] }'::json AS doc")
    // The rows that are gone leave first.
    #expect(bench.bench.values().last == #"{"b":[]}"#)
  }

  @Test func `types of extensions are their text`() async throws {
    let bench = try PostgresBench(
      "CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION ltree;"
    )
    let found = try await bench.send([
      #"'a=>1, "b c"=>NULL'::hstore"#, "'ÄbC'::citext", "'top.child'::ltree",
      "ARRAY['x', NULL]::citext[]", #"ARRAY['a=>"1,2"'::hstore]"#,
    ])
    #expect(
      found == [
        #""\"a\"=>\"1\", \"b c\"=>NULL""#, #""ÄbC""#, #""top.child""#, #"["x",null]"#,
        #"["\"a\"=>\"1,2\""]"#,
      ]
    )
  }

  @Test func `a database in another encoding arrives as UTF-8`() async throws {
    let bench = try PostgresBench(
      options: "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    )
    #expect(try await bench.send(["chr(228)", "ARRAY[chr(233)]"]) == [#""ä""#, #"["é"]"#])
  }

  @Test func `text that is not UTF-8 rejects its row only`() async throws {
    let bench = try PostgresBench(
      "CREATE TABLE t AS SELECT 1 AS id, E'\\xff'::text AS a UNION ALL SELECT 2, 'x'",
      options: "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    )
    let report = await bench.run("SELECT * FROM t ORDER BY id")
    #expect(report.counts.rejected == 1)
    #expect(bench.bench.values() == [#"{"id":2,"a":"x"}"#])
  }

  @Test func `a table with every type at once and NULL in each`() async throws {
    let bench = try PostgresBench(
      """
      CREATE TYPE mood AS ENUM ('sad');
      CREATE TYPE spot AS (x int, y int);
      CREATE TABLE t (id serial PRIMARY KEY, a boolean, b bytea, c int8, d float4, e numeric,
        f json, g jsonb, h date, i timestamp, j timestamptz, k int[], l text[], m mood, n spot,
        o int4range, p int4multirange, q xml, r inet, s uuid, t money, u bit(3), v tsvector, w point,
        x regclass, y interval, z "char", aa bytea[], ab json[], ac mood[], ad spot[]);
      INSERT INTO t DEFAULT VALUES;
      """
    )
    await bench.run("SELECT * FROM t")
    let value = bench.bench.values().first ?? ""
    let nulls = value.components(separatedBy: ":null").count - 1
    #expect(nulls == 30, "\(value)")
  }
}
