@testable import Connections
import Foundation
import Postgres
import Rows
import Settings
import TestSupport
import Reports
import Testing

@testable import Sync

/// Types of Postgres that are sent as text although their values have parts.
@Suite(.enabled(if: PostgresCluster.shared != nil))
struct TextTypesTests {
  private static let types = """
    CREATE EXTENSION hstore;
    CREATE TYPE spot AS (x integer, label text);
    CREATE TYPE span AS RANGE (subtype = float8, multirange_type_name = spans);
    CREATE DOMAIN corner AS spot;
    CREATE SCHEMA other;
    CREATE TYPE other."My Span" AS RANGE (subtype = date);
    CREATE TABLE place (id integer, name text);
    """

  /// A value of each type, and the JSON that what is advised gives.
  private static let examples = [
    ("(1, 'a b')::spot", #"{"x":1,"label":"a b"}"#),
    ("(1, 'a b')::corner", #"{"x":1,"label":"a b"}"#),
    ("ROW(1, 'a')", #"{"f1":1,"f2":"a"}"#),
    (
      "(SELECT p FROM (VALUES (1, 'n')) v(id, name), LATERAL (SELECT v.id, v.name) p)",
      #"{"id":1,"name":"n"}"#
    ),
    ("ARRAY[(1, 'a'), (2, NULL)]::spot[]", #"[{"x":1,"label":"a"},{"x":2,"label":null}]"#),
    ("'a=>1'::hstore", #"{"a":"1"}"#),
    ("ARRAY['a=>1'::hstore]", #"[{"a":"1"}]"#),
    ("span(0.5, 1.5)", "0.5 1.5"),
    ("int4range(1, 5)", "1 5"),
    ("other.\"My Span\"('2024-01-01', '2024-02-01')", #""2024-01-01" "2024-02-01""#),
    ("ARRAY[span(0.5, 1.5)]", "[[0.5,1.5]]"),
    ("spans(span(0.5, 1.5), span(2, 3))", "[[0.5,1.5],[2,3]]"),
    ("int4multirange(int4range(1, 3))", "[[1,3]]"),
  ]

  @Test func `composites, hstore and ranges of any name are advised what works`() async throws {
    let postgres = try PostgresBench(Self.types)
    for (value, expected) in Self.examples {
      let advice = try #require(try await advice(on: value, postgres), "\(value)")
      let columns = try #require(advice.components(separatedBy: " write ").last)
      let query = "SELECT 1 AS id, \(columns) FROM (SELECT \(value) AS v) AS q"
      #expect(await postgres.run(query).error == nil, "\(advice)")
      let sent = try #require(postgres.bench.values().last)
      let values = expected.split(separator: " ").map(String.init)
      for value in expected.hasPrefix("{") ? [expected] : values {
        #expect(
          sent.filter { $0 != " " }.contains(value.filter { $0 != " " }),
          "\(advice): \(sent)"
        )
      }
      try postgres.bench.forget()
    }
  }

  @Test(arguments: [
    "'x'::text", "ARRAY['x']", "1.5", "'{}'::jsonb", "point(1, 2)", "'sad'::varchar(5)",
    "'1 2'::int2vector",
  ])
  func `other types are not advised`(value: String) async throws {
    let postgres = try PostgresBench(Self.types)
    #expect(try await advice(on: value, postgres) == nil)
  }

  private func advice(on value: String, _ postgres: PostgresBench) async throws -> String? {
    let source = postgres.source
    let model = ModelSettings(
      name: "m",
      file: "models/m.sql",
      sql: "SELECT 1 AS id, \(value) AS v",
      source: "db",
      primaryKey: [Located("id")],
      types: [:]
    )
    let shape = try await source.open(model)
    let families = try await source.families(of: TextTypes.names(in: shape))
    await source.close()
    let advice = TextTypes.advice(on: shape, families)
    #expect(advice.count < 2)
    return advice.first
  }
}

extension Bench {
  /// Removes the state, so that the next run is a first one.
  fileprivate func forget() throws {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: statePath + suffix)
    }
  }
}
