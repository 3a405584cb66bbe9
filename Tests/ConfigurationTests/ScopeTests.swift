import Configuration
import Foundation
import Settings
import Testing

/// What stops a command, and what only its neighbours.
@Suite struct ScopeTests {
  private static let broken: [String: String] = [
    "sluice.yml": """
    sources:
      shop: {type: sqlite, path: shop.db}
      other: {type: postgres, url: "${OTHER_URL}"}
    destinations: {events: {type: kafka, brokers: embedded}}
    """,
    "models/customers.sql": "-- ---\n-- source: shop\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
    "models/draft.sql": "SELECT 1 AS id",
    "models/far.sql": "-- ---\n-- source: other\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
    "syncs/unread.yml": "model: customers\ntopic: [",
    "syncs/a copy.yml": "model: customers",
    "syncs/c.yaml": "model: customers",
    "syncs/variable.yml": "model: customers\ntopic: ${TOPIC}\nkey: {column: id}\ntags: [nightly]",
    "syncs/far.yml": "model: far\ntopic: t\nkey: {column: id}",
    "syncs/drafted.yml": "model: draft\ntopic: t\nkey: {column: id}",
    "syncs/template.yml":
      "model: customers\ntopic: t\nkey: {column: id}\nmessage: {template_file: bad.liquid}",
    "bad.liquid": "{{ row.id ",
  ]

  private func load(
    _ selection: Configuration.Scope.Selection,
    _ environment: [String: String] = [:],
    isOffline: Bool = false,
    withTests: Bool = false,
    files: [String: String] = [:]
  ) throws -> Configuration.Result {
    let project = try TemporaryProject(Self.broken.merging(files) { _, new in new })
    return Configuration.load(
      directory: project.directory,
      environment: environment,
      withTests: withTests,
      scope: Configuration.Scope(selection, isOffline: isOffline)
    )
  }

  private func errors(_ result: Configuration.Result) -> Set<String> {
    Set(result.diagnostics.filter { $0.severity == .error }.compactMap { $0.location?.file })
  }

  @Test func `an unfinished neighbour does not stop a sync`() throws {
    let result = try load(.syncs(names: ["customers"], tags: []))
    let settings = try #require(result.settings)
    #expect(settings.syncs.map(\.name) == ["customers"])
    #expect(result.unreadable == [])
    #expect(errors(result) == [])
    let warned = Set(result.diagnostics.compactMap { $0.location?.file })
    #expect(
      warned.isSuperset(of: [
        "models/draft.sql", "syncs/unread.yml", "syncs/a copy.yml", "syncs/c.yaml",
        "syncs/variable.yml", "bad.liquid", "sluice.yml",
      ])
    )
  }

  @Test func `of all syncs those that cannot be used are named`() throws {
    let result = try load(.syncs(names: [], tags: []))
    #expect(result.settings?.syncs.map(\.name) == ["customers"])
    #expect(
      result.unreadable == [
        "drafted", "far", "template", "unread", "variable", "syncs/a copy.yml", "syncs/c.yaml",
      ]
    )
    #expect(errors(result).contains("models/draft.sql"))
  }

  @Test(arguments: ["drafted", "far", "template", "unread", "variable"])
  func `a sync needs its own file, model, templates and connections`(_ name: String) throws {
    let result = try load(.syncs(names: [name], tags: []))
    #expect(result.unreadable == [name])
    #expect(errors(result).count == 1, "\(errors(result))")
  }

  @Test func `a sync is chosen by a tag although its file has errors, where the tag can be read`()
    throws
  {
    let result = try load(.syncs(names: [], tags: ["nightly"]))
    #expect(result.unreadable == ["variable"])
    #expect(errors(result) == ["syncs/variable.yml"])
    let set = try load(.syncs(names: [], tags: ["nightly"]), ["TOPIC": "t"])
    #expect(set.unreadable == [])
  }

  @Test func `errors of sluice yml stop every sync`() throws {
    let result = try load(
      .syncs(names: ["customers"], tags: []),
      files: ["sluice.yml": Self.broken["sluice.yml", default: ""] + "\nbogus: 1"]
    )
    #expect(result.settings == nil)
  }

  @Test func `everything has to be sound for check`() throws {
    let result = try load(.everything)
    #expect(result.settings == nil)
    #expect(errors(result).contains("models/draft.sql"))
  }

  @Test func `no secret is needed where nothing is connected to`() throws {
    let files = TemporaryProject.files.merging([
      "sluice.yml": """
      sources:
        shop: {type: postgres, url: "${DATABASE_URL}"}
        lite: {type: sqlite, path: "${LITE}"}
      destinations:
        events: {type: kafka, brokers: "${BROKERS}", sasl: {mechanism: plain, username: u,
                 password: "${PASSWORD}"}}
      """,
      "models/customers.sql": "-- ---\n-- source: shop\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
    ]) { _, new in new }
    let project = try TemporaryProject(files)
    let load = { (isOffline: Bool) in
      Configuration.load(
        directory: project.directory,
        environment: [:],
        scope: Configuration.Scope(.everything, isOffline: isOffline)
      )
    }
    let offline = load(true)
    #expect(offline.settings?.syncs.map(\.name) == ["customers"])
    #expect(offline.diagnostics.allSatisfy { $0.severity != .error })
    #expect(offline.diagnostics.count { $0.message.contains("not checked") } == 4)
    #expect(load(false).settings == nil)
  }

  @Test func `a variable that a message is made with is an error of that test`() throws {
    let test = "- {name: one, change: added, row: {id: 1}, expect: {key: \"1\"}}"
    let result = try load(
      .syncs(names: ["variable"], tags: []),
      isOffline: true,
      withTests: true,
      files: ["syncs/variable.test.yml": test]
    )
    #expect(result.settings != nil)
    #expect(result.unset == ["variable": ["TOPIC"]])
    #expect(result.unreadable == [])
    #expect(result.tests.map(\.sync) == ["variable"])
  }

  @Test func `where a variable comes from is known, and whether .env says something else`() throws {
    let project = try TemporaryProject([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: "${A}${B:-x}${C:-x}"}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "syncs/customers.yml": "model: customers\ntopic: ${TOPIC}\nkey: {column: id}",
      ".env": "A=1\nB=2\nTOPIC=file\n",
    ])
    let result = project.load(["A": "other", "TOPIC": "file"])
    let variables = try #require(result.settings?.variables)
    #expect(
      variables.connections[.source("shop")] == [
        VariableUse("A", .environment, contradictedBy: ".env"),
        VariableUse("B", .environmentFile(".env")),
        VariableUse("C", .fallback),
      ]
    )
    #expect(variables.files["syncs/customers.yml"] == [VariableUse("TOPIC", .environment)])
  }
}
