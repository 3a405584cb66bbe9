import Configuration
import Foundation
import Settings
import Testing

/// `sluice.NAME.yml` over `sluice.yml`, and `.env.NAME` over `.env`.
@Suite struct EnvironmentTests {
  private static let base = """
    sources:
      shop: {type: sqlite, path: shop.db}
      crm:
        type: postgres
        url: ${CRM_URL}
        session: {search_path: analytics, work_mem: 1MB}
    destinations:
      events: {type: kafka, brokers: embedded, client_id: "${CLIENT}"}
    timezone: UTC
    """

  private func load(
    _ overlay: String?,
    _ files: [String: String] = [:],
    base: String = base,
    name: String? = "prod",
    environment: [String: String] = [:],
    scope: Configuration.Scope = .everything
  ) throws -> Configuration.Result {
    var all = files
    all["sluice.yml"] = base
    all["models/customers.sql"] =
      "-- ---\n-- source: shop\n-- primary_key: id\n-- ---\nSELECT 1 AS id"
    if let overlay { all["sluice.prod.yml"] = overlay }
    let project = try TemporaryProject(all)
    let result = Configuration.load(
      directory: project.directory,
      environment: environment,
      environmentName: name,
      scope: scope
    )
    // The schema also refuses what is only warned of: a null under a key that there is not.
    if result.diagnostics.isEmpty { expectValid(project.directory, environment: name) }
    return result
  }

  private func places(_ result: Configuration.Result) -> [String] {
    result.diagnostics.map { "\($0.location.map(String.init(describing:)) ?? "-")" }
  }

  @Test func `maps merge, anything else replaces, null removes`() throws {
    let result = try load(
      """
      sources:
        crm: {url: null, dbname: crm, session: {work_mem: 2MB, search_path: null, jit: "off"}}
      destinations:
        events: {client_id: null, brokers: ["b1:9092", "b2:9092"], tls: false}
      timezone: Europe/Berlin
      history: {runs: 5}
      """
    )
    #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    let settings = try #require(result.settings)
    guard case .postgres(let parameters, let session, _)? = settings.sources["crm"] else {
      Issue.record("not Postgres")
      return
    }
    #expect(parameters.map { "\($0.keyword)=\($0.value.exposed)" } == ["dbname=crm"])
    #expect(session.map { "\($0.0)=\($0.1)" } == ["work_mem=2MB", "jit=off"])
    let events = try #require(settings.destinations["events"])
    #expect(events.brokers == .addresses(["b1:9092", "b2:9092"]))
    #expect(events.clientID == "sluice")
    #expect(events.tls == nil)
    #expect(settings.sources.keys.sorted() == ["crm", "shop"])
    #expect(settings.timezone == "Europe/Berlin")
    #expect(settings.historyRuns == 5)
    #expect(settings.stateDirectory == settings.directory + "/state/prod")
  }

  @Test func `a variable that only a replaced value names need not be set`() throws {
    let overlay =
      "sources: {crm: {url: 'postgresql://h/d'}}\ndestinations: {events: {client_id: x}}"
    let result = try load(overlay)
    #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    #expect(result.settings?.variables.connections.isEmpty == true)
    #expect(try load(overlay, name: nil).settings == nil)
  }

  @Test func `a whole map that is replaced refers to nothing`() throws {
    let base = """
      sources: {shop: {type: sqlite, path: s.db}}
      destinations:
        events:
          type: kafka
          brokers: embedded
          sasl: {mechanism: plain, username: u, password: "${SECRET}", extensions: ["${OTHER}"]}
      """
    let result = try load("destinations: {events: {sasl: null}}", base: base)
    #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    #expect(result.settings?.destinations["events"]?.mechanism == nil)
  }

  @Test func `errors are told where the value was written`() throws {
    let result = try load(
      """
      sources:
        crm: {url: 'postgresql://h/d', sesion: {}}
      destinations:
        events: {client_id: x, tls: perhaps}
      timezone: Nowhere/Here
      """,
      base: Self.base.replacingOccurrences(of: "path: shop.db", with: "pth: shop.db")
    )
    #expect(result.settings == nil)
    #expect(
      Set(places(result)) == [
        "sluice.yml:2:24", "sluice.prod.yml:2:34", "sluice.prod.yml:4:26", "sluice.prod.yml:4:31",
        "sluice.prod.yml:5:11",
      ]
    )
    #expect(result.diagnostics.contains { $0.excerpt?.text == "timezone: Nowhere/Here" })
  }

  @Test func `a key that is missing after the merge is told in the file of the map's first key`()
    throws
  {
    let result = try load(
      "destinations: {events: {brokers: null, client_id: c}, more: {client_id: x, type: kafka}}\n"
        + "sources: {crm: {url: 'postgresql://h/d'}}"
    )
    #expect(
      Set(places(result)) == ["sluice.yml:8:12", "sluice.prod.yml:1:62", "syncs/customers.yml:1:1"]
    )
  }

  @Test func `a null that removes nothing is told`() throws {
    let result = try load(
      "destinations: {events: {client_id: x, clint: null}}\nsources: {crm: {url: 'host=h'}}\n"
        + "defaults: {tags: null}"
    )
    #expect(result.settings != nil)
    #expect(result.diagnostics.map(\.severity) == [.warning, .warning])
    #expect(places(result) == ["sluice.prod.yml:1:39", "sluice.prod.yml:3:12"])
  }

  @Test func `an unknown environment is an error with the nearest name`() throws {
    let result = try load(
      nil,
      ["sluice.production.yml": "", "sluice.test.yml": ""],
      name: "prodution"
    )
    #expect(result.settings == nil)
    let message = try #require(result.diagnostics.first?.message)
    #expect(message.contains("'prodution'") && message.contains("did you mean 'production'?"))
    let far = try load(nil, ["sluice.a.yml": "", "sluice.b.yml": ""], name: "zzz")
    #expect(far.diagnostics.first?.hint == "there are a, b")
    let misspelt = try load(nil, ["sluice.prod.yaml": ""])
    #expect(misspelt.diagnostics.first?.hint == "rename sluice.prod.yaml to sluice.prod.yml")
  }

  @Test(arguments: ["", "# nothing\n"])
  func `an empty file keeps states and variables apart and changes nothing else`(
    _ text: String
  )
    throws
  {
    let result = try load(
      text,
      [".env": "CRM_URL=host=h\nCLIENT=base", ".env.prod": "CLIENT=prod"]
    )
    #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    #expect(result.settings?.destinations["events"]?.clientID == "prod")
    #expect(result.settings?.stateDirectory.hasSuffix("/state/prod") == true)
  }

  @Test func `the process wins over the environment's file, and that over .env`() throws {
    let files = [
      ".env": "CRM_URL=host=env\nCLIENT=env\nTOPIC=env",
      ".env.prod": "CRM_URL=host=prod\nCLIENT=prod",
      "syncs/customers.yml": "model: customers\ntopic: ${TOPIC}\nkey: {column: id}",
    ]
    let result = try load("timezone: UTC", files, environment: ["CLIENT": "process"])
    let settings = try #require(result.settings)
    #expect(settings.destinations["events"]?.clientID == "process")
    #expect(
      settings.variables.connections == [
        .destination("events"): [
          VariableUse("CLIENT", .environment, contradictedBy: ".env.prod")
        ],
        .source("crm"): [VariableUse("CRM_URL", .environmentFile(".env.prod"))],
      ]
    )
    #expect(
      settings.variables.files["syncs/customers.yml"] == [
        VariableUse("TOPIC", .environmentFile(".env"))
      ]
    )
    #expect(
      try load("timezone: UTC", files, name: nil).settings?.destinations["events"]?.clientID
        == "env"
    )
  }

  @Test func `a project can ask for an environment`() throws {
    let base = Self.base + "\nenvironments: {required: true}"
    let variables = ["CRM_URL": "host=h", "CLIENT": "c"]
    let refused = try load("timezone: UTC", base: base, name: nil, environment: variables)
    #expect(refused.settings == nil)
    #expect(places(refused) == ["sluice.yml:10:26"])
    #expect(refused.diagnostics.first?.hint?.contains("there are prod") == true)
    #expect(try load("timezone: UTC", base: base, environment: variables).settings != nil)
    let offline = Configuration.Scope(.everything, isOffline: true)
    let read = try load(
      "timezone: UTC",
      base: base,
      name: nil,
      environment: variables,
      scope: offline
    )
    #expect(read.settings != nil)
    #expect(read.isEnvironmentRequired)
    let none = try load(nil, base: base, name: nil, environment: variables, scope: offline)
    #expect(none.diagnostics.first?.message == "an environment has to be named, and there is none")
    let inside = try load(
      "environments: {required: true}",
      base: Self.base,
      environment: variables
    )
    #expect(places(inside) == ["sluice.prod.yml:1:1"])
  }

  @Test(arguments: ["[a]", "text", "sources: [", "a: 1\n---\nb: 2"])
  func `an overlay that is not a map of keys stops the command`(_ text: String) throws {
    let result = try load(
      text,
      environment: ["CRM_URL": "host=h", "CLIENT": "c"],
      scope: Configuration.Scope(.syncs(names: ["customers"], tags: []))
    )
    #expect(result.settings == nil)
    #expect(places(result).allSatisfy { $0.hasPrefix("sluice.prod.yml") })
  }

  @Test func `a secret that an overlay replaces is not shown either`() throws {
    let base = """
      sources: {shop: {type: sqlite, path: s.db}}
      destinations:
        events: {type: kafka, brokers: embedded, sasl: {mechanism: plain, username: u, password: hunter2-old}, x: 1}
      """
    let result = try load(
      "destinations: {events: {sasl: {password: hunter2-new}, y: 1}}",
      base: base
    )
    let told = result.diagnostics.map { "\($0)" }.joined()
    #expect(places(result).contains("sluice.yml:3:106"), "\(places(result))")
    #expect(!told.contains("hunter2"))
  }
}
