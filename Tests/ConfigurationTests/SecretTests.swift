import Configuration
import Foundation
import Settings
import Testing

@Suite struct SecretTests {
  @Test func `secrets of settings do not show when they are printed`() throws {
    let project = try TemporaryProject([
      "sluice.yml": """
      sources:
        shop: {type: postgres, dbname: d, user: u, password: hunter2-a, sslpassword: hunter2-b}
        other: {type: postgres, url: "postgres://u:hunter2-c@${HOST}/d"}
      destinations:
        events:
          type: kafka
          brokers: b:9092
          sasl: {mechanism: plain, username: u, password: hunter2-d}
          properties: {linger.ms: 5}
      """,
      "models/customers.sql": "-- ---\n-- source: shop\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
    ])
    let settings = try #require(project.load(["HOST": "hunter2-host"]).settings)
    var copy = settings
    copy.secrets = []
    var text = ""
    dump(copy, to: &text)
    #expect(!text.contains("hunter2"))
    let secrets = Set(settings.secrets.map(\.exposed))
    #expect(secrets.isSuperset(of: ["hunter2-a", "hunter2-b", "hunter2-c", "hunter2-d"]))
    // Where a connection leads is not a secret, also if a variable says it.
    #expect(!secrets.contains("hunter2-host"))
    #expect(!"\(settings.secrets)".contains("hunter2"))
  }

  /// Each holds `hunter2` in a secret's place, and an error in or near its line.
  @Test(arguments: [
    "password: hunter2, usr: x",
    "password: 'hunter2', usr: x",
    "usr: x, password: [hunter2]",
    "usr: x, password: {a: hunter2}",
    "'password': hunter2, usr: x",
    "password: ${A:-hunter2}, usr: x",
    "password: ${A}hunter2, usr: x",
    "password: &p hunter2, usr: *p",
    "usr: !x {password: hunter2}",
    "password: !x hunter2",
    "password: hunter2, password: hunter2",
    "password: \"hunter2\\q\"",
    "password: hunter2, port: [",
    "url: hunter2",
    "url: 'postgres://u:hunter2@h/d', dbname: x",
    "client_secret: hunter2, api_token: hunter2",
    "[password: hunter2]: x",
  ]) func `a secret near an error is masked`(_ text: String) throws {
    for layout in [
      "{type: postgres, \(text)}", text.replacingOccurrences(of: ", ", with: "\n    "),
    ] {
      let project = try TemporaryProject([
        "sluice.yml": """
        sources:
          shop:
            \(layout)
        destinations: {events: {type: kafka, brokers: embedded}}
        """
      ])
      let result = project.load(["A": "a"])
      #expect(!result.diagnostics.isEmpty)
      for diagnostic in result.diagnostics {
        #expect(!diagnostic.rendered.contains("hunter2"), "\(diagnostic.rendered)")
      }
    }
  }

  @Test func `a secret in a second document is masked`() throws {
    let project = try TemporaryProject([
      "sluice.yml": TemporaryProject.files["sluice.yml", default: ""]
        + "\n--- {password: hunter2}\n--- {password: hunter2"
    ])
    let text = project.load().diagnostics.map(\.rendered).joined()
    #expect(text.contains("second document"))
    #expect(!text.contains("hunter2"))
  }
}
