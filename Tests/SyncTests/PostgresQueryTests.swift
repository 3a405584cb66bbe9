import Sync
import Reports
import Settings
import TestSupport
import Testing

@Suite(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
struct PostgresQueryTests {
  private static let database = PostgresCluster.shared?.makeDatabase(
    """
    CREATE TABLE t (id serial, a text); INSERT INTO t VALUES (1, ';');
    CREATE TABLE secret (id int);
    CREATE PROCEDURE p() LANGUAGE sql AS 'DELETE FROM t';
    GRANT ALL ON t, t_id_seq TO locked
    """
  )

  @Test(
    arguments: [
      "SELECT 1 AS id, ';' AS a;", "SELECT 1 AS id, ';' AS a;;\n;",
      "-- a; b\nSELECT 1 AS id, ';' AS a -- the end;", "SELECT 1 AS id, ';' AS a; -- the; end",
      "SELECT 1 AS id, ';' AS a /* ; /* ; */ ; */ ; /* ; */", "SELECT 1 AS id, $$;$$ AS a;",
      "SELECT 1 AS id, $q$;$q$ AS a;", "SELECT 1 AS id, E';' AS a;",
      "WITH x AS (SELECT 1 AS id) SELECT id, ';' AS a FROM x;",
      "SELECT * FROM (VALUES (1, ';')) AS v(id, a);", "TABLE t;", "(SELECT 1 AS id, ';' AS a);",
      "SELECT * FROM t WHERE a = ';' ORDER BY id LIMIT 5;",
      "SELECT id, a FROM t UNION SELECT id, a FROM t;",
    ]
  )
  func `comments, semicolons and every kind of query do no harm`(query: String) async throws {
    let bench = try PostgresBench(database: #require(Self.database))
    let report = await bench.run(query)
    #expect(report.outcome == .done, "\(report.error?.message ?? "")")
    #expect(bench.bench.values() == [#"{"id":1,"a":";"}"#])
  }

  @Test(
    arguments: [
      ("SELECT 1 AS id; SELECT 2", "multiple commands"),
      ("SELECT 1 AS id; DROP TABLE t", "multiple commands"),
      ("SELECT 1 AS id) TO STDOUT; DROP TABLE t; COPY (SELECT 1", "syntax error"),
      ("WITH x AS (INSERT INTO t VALUES (9) RETURNING id) SELECT id FROM x", "read-only"),
      ("INSERT INTO t VALUES (9) RETURNING id", "read-only"),
      ("DELETE FROM t RETURNING id", "read-only"), ("SELECT id FROM t FOR UPDATE", "read-only"),
      ("SELECT nextval('t_id_seq') AS id", "read-only"),
      ("SELECT id INTO u FROM t", "no columns"),
      ("SELECT $1::int AS id", "parameters"), ("SELECT FROM t", "no columns"),
      ("SELECT id, id FROM t", "two columns named 'id'"), ("SELECT 1 AS x", "no column 'id'"),
      ("", "no columns"), ("-- nothing", "no columns"), (";", "no columns"),
      ("DROP TABLE t", "no columns"), ("COMMIT", "no columns"), ("CALL p()", "no columns"),
      ("SHOW search_path", "no column 'id'"), ("EXPLAIN SELECT 1", "no column 'id'"),
      ("SELECT 1 AS id /* open", "unterminated"), ("SELECT 'open AS id", "unterminated"),
      ("SELECT 1 AS id\0", "NUL"), ("COPY t TO STDOUT", "no columns"),
      ("SELECT missing AS id FROM t", "\"missing\""), ("SELECT id FROM nowhere", "\"nowhere\""),
      ("SELECT id FROM secret", "permission denied"),
    ]
  )
  func `anything but a query for reading is refused before anything is sent`(
    query: String,
    message: String
  ) async throws {
    let bench = try PostgresBench(database: #require(Self.database))
    bench.user = "locked"
    bench.password = "right"
    let first = await bench.run("SELECT id FROM t")
    #expect(first.outcome == .done, "\(first.error?.message ?? "")")
    #expect(bench.bench.arrivals() == ["added 1"])
    let report = await bench.run(query)
    #expect(report.outcome == .misconfigured)
    let told = report.error.map { $0.message } ?? ""
    #expect(told.contains(message), "\(told)")
    let isOurs = message.contains("named") || message.contains("no column ")
    #expect(isOurs || report.error?.location?.file == "models/m.sql")
    #expect(bench.bench.arrivals() == [])
    #expect(bench.cluster.run("SELECT count(*), max(id) FROM t", in: bench.database) == "1|1\n")
    #expect(await bench.run("SELECT id FROM t").counts.unchanged == 1)
  }

  @Test(
    arguments: [
      ("SELECT id\nFROM t\nWHERE idd = 1", 3, 7), ("SELECT id,\n  FROM t", 2, 3),
      ("-- ---\n-- source: x\n-- ---\nSELECT 'ä😀', idd FROM t", 4, 14),
      ("SELECT id FROM t\nORDER BY nope;", 2, 10), ("SELECT id FROM\r\n nowhere", 2, 2),
    ]
  )
  func `an error says line and column`(query: String, line: Int, column: Int) async throws {
    let bench = try PostgresBench(database: #require(Self.database))
    let report = await bench.run(query)
    #expect(report.outcome == .misconfigured)
    #expect(report.error?.location?.line == line, "\(report.error?.message ?? "")")
    #expect(report.error?.location?.column == column)
  }

  @Test func `a query that fails midway removes nothing and sends nothing twice`() async throws {
    let bench = try PostgresBench(
      "CREATE TABLE t AS SELECT id, 0 AS x FROM generate_series(1, 1000) AS id"
    )
    bench.bench.sql = "SELECT id, x FROM t ORDER BY id"
    #expect(await bench.run().counts.sent == 1000)
    _ = bench.bench.arrivals()
    let failing = await bench.run("SELECT id, 0 * (1 / (id - 500)) AS x FROM t ORDER BY id")
    #expect(failing.outcome == .failed)
    #expect(failing.error?.message.contains("division by zero") == true)
    #expect(bench.bench.arrivals() == [])
    let whole = await bench.run("SELECT id, x FROM t ORDER BY id")
    #expect(whole.counts.unchanged == 1000)
    #expect(bench.bench.arrivals() == [])
  }

  @Test func `an initial sync that fails midway continues where it was`() async throws {
    let bench = try PostgresBench(
      "CREATE TABLE t AS SELECT id FROM generate_series(1, 30000) AS id"
    )
    let failing = await bench.run("SELECT id, 1 / (id - 25000) AS x FROM t ORDER BY id")
    #expect(failing.outcome == .failed)
    let first = Set(bench.bench.sink.takeMessages().compactMap(\.key))
    #expect(await bench.run("SELECT id, 1 AS x FROM t ORDER BY id").outcome == .done)
    let keys = bench.bench.sink.takeMessages().filter { $0.headers["change"] == "added" }
      .compactMap(\.key)
    #expect(first.union(keys).count == 30000)
    #expect(keys.count + first.count == 30000)
  }

  @Test func `a result without rows stops at the guard, one of no rows at first is fine`()
    async throws
  {
    let bench = try PostgresBench("CREATE TABLE t AS SELECT 1 AS id")
    #expect(await bench.run("SELECT id FROM t WHERE false").outcome == .done)
    #expect(await bench.run("SELECT id FROM t").counts.sent == 1)
    #expect(await bench.run("SELECT id FROM t WHERE false").outcome == .stoppedByGuard)
  }

  @Test func `keys that are NULL or twice are counted and not sent`() async throws {
    let bench = try PostgresBench()
    let report = await bench.run(
      "SELECT * FROM (VALUES (1, 'a'), (NULL, 'b'), (1, 'c'), (2, 'd')) AS v(id, x)"
    )
    #expect(report.counts.invalid == 2)
    #expect(bench.bench.arrivals() == ["added 1", "added 2"])
  }
}
