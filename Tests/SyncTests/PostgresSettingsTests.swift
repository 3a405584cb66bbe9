import Sync
import Reports
import Settings
import TestSupport
import Testing

@Suite(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
struct PostgresSettingsTests {
  static let query = """
    SELECT id, '2024-05-06 07:08:09.5+02'::timestamptz AS a, '2024-05-06 07:08:09'::timestamp AS b,
      '2024-05-06'::date AS c, '07:08:09+02'::timetz AS d, '1 mon -2 days 03:04'::interval AS e,
      '\\x00ff'::bytea AS f, 0.1::float8 + 0.2::float8 AS g, 0.1::real AS h, 1234.5::money AS i,
      'Grüße ä'::text AS j, query_to_xml('SELECT ''\\x00ff''::bytea AS b', false, false, '') AS k,
      ARRAY['2024-05-06 07:08:09+00']::timestamptz[] AS l, 'a\\b' AS m,
      tstzrange('2024-01-01 00:00+00', NULL) AS n, (now() - now()) AS o, 'plain'::regclass AS p,
      ROW('2024-05-06 07:08:09+00'::timestamptz, '\\x01'::bytea, 0.1::float8) AS q,
      to_jsonb('2024-05-06 07:08:09+00'::timestamptz) AS r, 1e23::float8::text AS s,
      '"Odd Name"'::regclass AS u
    FROM generate_series(1, 300) AS id
    """

  static let roleSettings: [[(String, String)]] = [
    [
      ("DateStyle", "'SQL, DMY'"), ("TimeZone", "'Asia/Kolkata'"),
      ("IntervalStyle", "'postgres_verbose'"), ("bytea_output", "'escape'"),
      ("extra_float_digits", "-15"), ("lc_monetary", "'C.UTF-8'"),
      ("client_encoding", "'LATIN1'"), ("xmlbinary", "'hex'"), ("quote_all_identifiers", "on"),
      ("synchronize_seqscans", "on"), ("standard_conforming_strings", "off"),
      ("escape_string_warning", "off"),
    ],
    [
      ("DateStyle", "'German'"), ("TimeZone", "'America/St_Johns'"),
      ("IntervalStyle", "'sql_standard'"), ("extra_float_digits", "0"),
      ("client_encoding", "'SQL_ASCII'"), ("default_transaction_isolation", "'serializable'"),
      ("default_transaction_read_only", "off"), ("default_transaction_deferrable", "on"),
      ("xmloption", "'document'"), ("lc_messages", "'C'"), ("array_nulls", "off"),
    ],
    [
      ("DateStyle", "'Postgres, MDY'"), ("IntervalStyle", "'postgres'"),
      ("jit_above_cost", "0"), ("enable_hashagg", "off"), ("work_mem", "'64kB'"),
      ("row_security", "off"), ("client_min_messages", "log"),
    ],
  ]

  @Test func `an unchanged row has the same bytes whatever role and database set`() async throws {
    let setUp = "CREATE TABLE plain (id int); CREATE TABLE \"Odd Name\" (id int);"
    let bench = try PostgresBench(setUp)
    bench.user = "reader_\(bench.database)"
    bench.sql("CREATE ROLE \(bench.user) LOGIN SUPERUSER")
    #expect(await bench.run(Self.query).counts.sent == 300)
    let first = bench.bench.values()
    for (number, settings) in Self.roleSettings.enumerated() {
      for owner in ["ROLE \(bench.user)", "DATABASE \(bench.database)"] {
        bench.sql(settings.map { "ALTER \(owner) SET \($0) = \($1);" }.joined())
        let report = await bench.run()
        #expect(report.outcome == .done, "\(report.error?.message ?? "")")
        #expect(report.counts.unchanged == 300, "\(owner), settings \(number)")
        #expect(bench.bench.values() == [])
        bench.sql("ALTER \(owner) RESET ALL")
      }
    }
    #expect(first.first?.contains(#""a":"2024-05-06T05:08:09.5Z""#) == true)
    bench.sql("DROP OWNED BY \(bench.user); DROP ROLE \(bench.user)")
  }

  @Test func `settings of the session apply, and end with the transaction`() async throws {
    let bench = try PostgresBench("CREATE SCHEMA far; CREATE TABLE far.t AS SELECT 1 AS id")
    #expect(await bench.run("SELECT id FROM t").outcome == .misconfigured)
    bench.session = [("search_path", "far"), ("application_name", "sync")]
    await bench.run("SELECT id, current_setting('application_name') AS a FROM t")
    #expect(bench.bench.values() == [#"{"id":1,"a":"sync"}"#])
  }

  @Test func `a setting that the server does not know stops the run and names it`() async throws {
    let bench = try PostgresBench()
    bench.session = [("statement_timeuot", "5min")]
    let report = await bench.run("SELECT 1 AS id")
    #expect(report.outcome == .failed || report.outcome == .misconfigured)
    #expect(report.error?.message.contains("statement_timeuot") == true)
  }
}
