import Foundation
import Settings
import Testing

@testable import Configuration

/// Connection strings as people have them, right and wrong.
@Suite struct ConnectionStringTests {
  /// The keywords and values of `text`, as `keyword=value`.
  private func read(_ text: String) throws -> [String] {
    try ConnectionString.parse(text).map { "\($0.keyword)=\($0.value)" }
  }

  @Test(arguments: [
    ("postgresql://u:p@h:5433/d", ["user=u", "password=p", "host=h", "port=5433", "dbname=d"]),
    ("postgres://", []),
    ("postgres:///d", ["dbname=d"]),
    ("postgres://u@/d", ["user=u", "dbname=d"]),
    ("postgres://u:p%40a%2Fb%25@h/d", ["user=u", "password=p@a/b%", "host=h", "dbname=d"]),
    ("postgres://u:a:b#c@h", ["user=u", "password=a:b#c", "host=h"]),
    ("postgres://[::1]:5432/d", ["host=::1", "port=5432", "dbname=d"]),
    ("postgres://h1:1,h2:2/d", ["host=h1,h2", "port=1,2", "dbname=d"]),
    ("postgres://h1,h2:2/d", ["host=h1,h2", "port=,2", "dbname=d"]),
    ("postgres://%2Fvar%2Frun/d", ["host=/var/run", "dbname=d"]),
    ("postgres:///d?host=/run&user=me@corp", ["dbname=d", "host=/run", "user=me@corp"]),
    (
      "postgres://h/d?sslmode=require&ssl=true",
      [
        "host=h", "dbname=d", "sslmode=require", "sslmode=require",
      ]
    ),
    ("postgres://u@h/d?password=a%26b", ["user=u", "host=h", "dbname=d", "password=a&b"]),
    ("host=h dbname=d", ["host=h", "dbname=d"]),
    ("host = h  password = 'a b\\'c' user=u\\ x", ["host=h", "password=a b'c", "user=u x"]),
    ("password='' host=h", ["password=", "host=h"]),
  ])
  func `what libpq reads is read the same`(_ text: String, _ parameters: [String]) throws {
    #expect(try read(text) == parameters)
  }

  /// Every one holds `sesame-opensesame` in pieces, and a word of the advice that fits.
  @Test(arguments: [
    ("postgresql://u:sesame@opensesame@h:5432/d", "%40"),
    ("postgresql://u:sesame/opensesame@h/d", "%2F"),
    ("postgresql://u:sesame?opensesame@h/d", "%3F"),
    ("postgresql://u:12/opensesame@h/d", "%2F"),
    ("postgresql://u:sesame%opensesame@h/d", "%25"),
    ("postgresql://u@corp:opensesame@h/d", "%40"),
    ("postgresql://u:opensesame@[::1/d", "IPv6"),
    ("postgresql://u:opensesame@h:x/d", "port"),
    ("postgresql://u:open sesame@h/d", "%20"),
    ("postgresql://u:opensesame@h/d\n", "line break"),
    ("postgresql://opensesame:sesame", "port"),
    ("postgresql://u:opensesame@h/d?pool=5", "pool"),
    ("postgresql://u:opensesame@h/d?schema=public", "search_path"),
    ("postgresql://u:opensesame@h/d?sslmode=no-verify", "verify-full"),
    ("postgresql://u:opensesame@h/d?sslmod=require", "'sslmode'"),
    ("postgresql://u:opensesame@h/d?opensesame", "%40"),
    ("postgresql+psycopg2://u:opensesame@h/d", "another program"),
    ("jdbc:postgresql://h/d?user=u&password=opensesame", "jdbc:"),
    ("mysql://u:opensesame@h/d", "mysql"),
    ("\"postgresql://u:opensesame@h/d\"", "quotes"),
    ("DATABASE_URL=postgresql://u:opensesame@h/d", "NAME="),
    ("u:opensesame@h/d", "key=value"),
    ("host=h port=5432password=opensesame user=u", "port"),
    ("host=h password=sesame opensesame user=u", "single quotes"),
    ("host=h password=sesame opensesame=1", "single quotes"),
    ("host=h password='opensesame", "quote"),
    ("hots=h password=opensesame", "'host'"),
  ])
  func `a wrong connection string shows no piece of itself and says what to do`(
    _ text: String,
    _ advice: String
  ) {
    let failure = #expect(throws: ConnectionString.Failure.self) { try read(text) }
    let said = (failure?.message ?? "") + " " + (failure?.hint ?? "")
    #expect(!said.contains("sesame"), "\(said)")
    #expect(said.contains(advice), "\(said)")
  }

  @Test func `a wrong url is an error of sluice yml, and offline`() throws {
    let project = try TemporaryProject([
      "sluice.yml": """
      sources: {shop: {type: postgres, url: "${DATABASE_URL}"}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """
    ])
    let result = project.load(["DATABASE_URL": "postgresql://u:sesame@open@h/d"])
    #expect(result.settings == nil)
    let text = result.diagnostics.map(\.rendered).joined()
    #expect(text.contains("sluice.yml:1:39: error: the url has an '@'"), "\(text)")
    #expect(!text.contains("sesame"))
  }

  @Test func `only secrets are secret, also where they come from variables`() throws {
    let project = try TemporaryProject([
      "sluice.yml": """
      sources:
        shop: {type: postgres, url: "postgresql://${DB_USER}:${DB_PW}@${DB_HOST}/crm?sslpassword=${KEY}"}
        keys: {type: postgres, host: "${DB_HOST}", port: "${DB_PORT}", dbname: "${DB_NAME}",
               user: "${DB_USER}", password: "${DB_PW2}", session: {app.token: "${TOKEN}"}}
      destinations:
        events: {type: kafka, brokers: "${BROKER}", sasl: {mechanism: plain, username: "${K_USER}",
                 password: "${K_PW}"}, properties: {client.rack: "${P_PW}"}}
      """,
      "models/customers.sql": "-- ---\n-- source: shop\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
    ])
    let variables = [
      "DB_USER": "shown-user", "DB_PW": "hidden%2Done", "DB_HOST": "shown-host", "DB_PORT": "5439",
      "DB_NAME": "shown-name", "DB_PW2": "hidden-two", "TOKEN": "hidden-three",
      "BROKER": "shown-broker:9092", "K_USER": "shown-login", "K_PW": "hidden-four",
      "KEY": "hidden-five", "P_PW": "hidden-six",
    ]
    let settings = try #require(project.load(variables).settings)
    let secrets = Set(settings.secrets.map(\.exposed))
    #expect(
      secrets == [
        "hidden-one", "hidden-two", "hidden-three", "hidden-four", "hidden-five", "hidden-six",
      ]
    )
  }

  @Test func `a secret is found in pieces, percent-encoded and inside of JSON`() {
    let redaction = Redaction([Secret("corr\"ect horse/battery staple"), Secret("abc")])
    #expect(redaction.apply(to: "x corr\"ect horse/battery staple y") == "x *** y")
    #expect(redaction.apply(to: "host \"attery staple@h") == "host \"***@h")
    #expect(redaction.apply(to: "cut off: corr\"ect hor…") == "cut off: ***…")
    #expect(
      redaction.apply(to: "{\"a\":\"corr\\\"ect horse/battery staple\"}") == "{\"a\":\"***\"}"
    )
    #expect(redaction.apply(to: "u:corr%22ect%20horse%2Fbattery%20staple@h") == "u:***@h")
    #expect(redaction.apply(to: "battery, horse and abc") == "battery, horse and abc")
  }
}
