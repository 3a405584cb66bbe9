import Configuration
import Testing

/// SQL that was written for another tool, and SQL that only looks so.
@Suite struct QueryCheckTests {
  private static let postgres = """
    sources:
      shop: {type: postgres, host: db.example, dbname: shop}
    destinations:
      events: {type: kafka, brokers: embedded}
    """

  private static let sqlite = """
    sources:
      shop: {type: sqlite, path: shop.db}
    destinations:
      events: {type: kafka, brokers: embedded}
    """

  /// What is said of the model `sql`, whose first line is the fourth of its file.
  private func told(_ sql: String, _ project: String) throws -> [String] {
    let files: [String: String?] = [
      "sluice.yml": project,
      "models/customers.sql": "-- ---\n-- primary_key: id  # ${NOT_READ_HERE:-x}\n-- ---\n" + sql,
    ]
    let project = try TemporaryProject(files)
    return project.load().diagnostics.map(\.headline)
      .filter { $0.hasPrefix("models/customers.sql:") }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let sql: String
    let said: String
    var testDescription: String { sql }
    init(_ sql: String, _ said: String) {
      self.sql = sql
      self.said = said
    }
  }

  private static let wrong: [Case] = [
    Case("SELECT * FROM ${SCHEMA}.t", "4:15: error: ${…} is not replaced"),
    Case("SELECT '${A:-x}' AS id, ${B}", "4:25: error: ${…} is not replaced"),
    Case("{{ config(materialized='table') }}\nSELECT 1 AS id", "4:1: error: {{ … }} is not"),
    Case("SELECT 'ä' AS id FROM {{ ref('x') }}", "4:23: error: {{ … }} is not"),
    Case("SELECT 1 AS id\n{% if true %} LIMIT 1 {% endif %}", "5:1: error: {% … %} is not"),
    Case("{# why; not #}\nSELECT 1 AS id", "4:1: error: {# … #} is not"),
    Case("\\set limit 5\nSELECT 1 AS id", "4:1: error: '\\set' is a command of the program psql"),
    Case("SELECT 1 AS id \\gx", "4:16: error: '\\gx' is a command of the program psql"),
    Case("SELECT * FROM t WHERE shop = :'shop'", "4:30: error: ':'shop'' is a variable of psql"),
    Case("SELECT * FROM t LIMIT :limit", "4:23: error: ':limit' is a variable of psql"),
    Case("SELECT * FROM t WHERE a=:a AND b IN (:b)", "4:25: error: ':a' is a variable of psql"),
    Case("SELECT :\"column\" FROM t", "4:8: error: ':\"column\"' is a variable of psql"),
    Case("SELECT * FROM t WHERE a = $1", "4:27: error: '$1' is a parameter"),
    Case("SELECT 1 AS id; SELECT 2", "4:17: error: a model is one statement"),
    Case("SET work_mem = '1GB';\n-- then\nSELECT 1 AS id;", "6:1: error: a model is one statement"),
    Case("SELECT * FROM t WHERE shop = '${SHOP}'", "4:31: warning: ${…} is not replaced here"),
    Case("SELECT $q$ ${A} $q$ AS id", "4:12: warning: ${…} is not replaced here"),
    Case("SELECT 1 AS \"${COLUMN}\"", "4:14: warning: ${…} is not replaced here"),
    Case("SELECT * FROM t WHERE d > '{{ var('x') }}'", "4:28: warning: {{ … }} is not replaced"),
    Case("\n;\n-- nothing", "error: the model has no query"),
  ]

  @Test(arguments: wrong)
  func `what another tool would replace is told with its place`(_ example: Case) throws {
    let told = try told(example.sql, Self.postgres)
    #expect(told.count == 1, "\(told)")
    #expect(told.first?.contains(example.said) == true, "\(told)")
  }

  @Test(arguments: [
    "SELECT id::text, '1'::int, (a)::date, now() :: date AS d FROM t",
    "SELECT a[1:2], a[lo:hi], a[:2], a[1:], (a[ lo : hi ])[:n] FROM t",
    "SELECT f(a := 1, b => 2), j ? 'a', j ?| array['a'], j @> '{}', j #>> '{a,b}' FROM t",
    "SELECT '{{ row.id }}' AS a, '${' AS b, 'a${1}b' AS c, ':x' AS d, E'\\'; :x \\\\' AS e",
    "SELECT 1 AS id -- {{ ref('x') }} ${A} :b ; SELECT \\set",
    "/* {% if %} ${A} /* ; SELECT :x */ \\set */ SELECT 1 AS id",
    "SELECT $$ :a; \\set {{ x }} $$ AS a, $f$ $1 $$ $f$ AS b",
    "SELECT JSON_OBJECT('a':b, c : d, 'e': f) AS j, JSON_OBJECT(k :v) FROM t",
    "SELECT a$1, \"b:c\", \"d;e\" FROM t;;\n-- end\n;",
    "SELECT '12:30'::time, 'a' 'b:c', U&'\\0041' AS u, B'1', 1.5e3",
    "WITH a AS (SELECT 1 AS id) TABLE a", "VALUES (1, '}}')",
  ])
  func `what belongs to Postgres is not mistaken`(_ sql: String) throws {
    #expect(try told(sql, Self.postgres) == [])
  }

  @Test(arguments: [
    Case("SELECT * FROM t WHERE a = :a", "4:27: error: ':a' is a parameter"),
    Case("SELECT * FROM t WHERE a = @a", "4:27: error: '@a' is a parameter"),
    Case("SELECT * FROM t WHERE a = $a", "4:27: error: '$a' is a parameter"),
    Case("SELECT * FROM t WHERE a = ?", "4:27: error: '?' is a parameter"),
    Case("SELECT * FROM t WHERE a = ?1 AND b", "4:27: error: '?1' is a parameter"),
    Case(".mode csv\nSELECT 1 AS id", "4:1: error: '.mode' is a command of the program sqlite3"),
    Case("PRAGMA x = 1; SELECT 1 AS id", "4:15: error: a model is one statement"),
    Case("SELECT $$ AS a; SELECT 2 AS b -- $$", "4:17: error: a model is one statement"),
    Case("/* /* */ SELECT {{ x }} AS id", "4:17: error: {{ … }} is not"),
  ])
  func `SQLite has parameters and commands of its own`(_ example: Case) throws {
    let told = try told(example.sql, Self.sqlite)
    #expect(told.count == 1, "\(told)")
    #expect(told.first?.contains(example.said) == true, "\(told)")
  }

  @Test(arguments: [
    "SELECT [a:b], [c;d], `e:f?`, \"g@h\" FROM [t {{ x }}]",
    "SELECT j -> '$.a' AS a, j ->> '$.b[0]' AS b, 'it''s ?' AS c FROM t\n.u",
    "SELECT 1 AS id; -- ?",
  ])
  func `what belongs to SQLite is not mistaken`(_ sql: String) throws {
    #expect(try told(sql, Self.sqlite) == [])
  }
}
