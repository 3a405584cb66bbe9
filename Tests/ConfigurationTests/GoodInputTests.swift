import Configuration
import Foundation
import Settings
import Testing

/// Every key with a value that is right, and what it becomes.
@Suite struct GoodInputTests {
  private func load(
    _ files: [String: String?],
    _ environment: [String: String] = [:]
  ) throws
    -> ProjectSettings
  {
    let result = try TemporaryProject(files).load(environment)
    #expect(result.diagnostics.filter { $0.severity == .error }.map(\.rendered) == [])
    return try #require(result.settings)
  }

  private func sync(_ text: String) throws -> SyncSettings {
    let base = "model: customers\ntopic: customers\nkey: {column: id}\n"
    return try #require(try load(["syncs/customers.yml": base + text]).syncs.first)
  }

  @Test func `a Postgres source by url keeps the url and the session`() throws {
    let settings = try load(
      [
        "sluice.yml": """
        sources:
          warehouse:
            type: postgres
            url: ${DATABASE_URL}
            sslrootcert: certs/ca.pem
            session: {statement_timeout: 15min, search_path: analytics, work_mem: 64, app.x: "1"}
        destinations: {events: {type: kafka, brokers: embedded}}
        """
      ],
      ["DATABASE_URL": "postgresql://u@h/d"]
    )
    guard case .postgres(let parameters, let session, _)? = settings.sources["warehouse"] else {
      Issue.record("no Postgres source")
      return
    }
    #expect(parameters.map(\.keyword) == ["user", "host", "dbname", "sslrootcert"])
    #expect(
      parameters.map(\.value.exposed) == ["u", "h", "d", settings.directory + "/certs/ca.pem"]
    )
    #expect(session.map(\.0) == ["statement_timeout", "search_path", "work_mem", "app.x"])
    #expect(session.map(\.1) == ["15min", "analytics", "64", "1"])
  }

  @Test func `a Postgres source by keywords keeps their text`() throws {
    let settings = try load([
      "sluice.yml": """
      sources:
        warehouse:
          type: postgres
          host: db.internal
          port: 5432
          dbname: shop
          user: sluice
          password: 0123
          sslmode: verify-full
          connect_timeout: "10"
      destinations: {events: {type: kafka, brokers: embedded}}
      """
    ])
    guard case .postgres(let parameters, _, _)? = settings.sources["warehouse"] else {
      Issue.record("no Postgres source")
      return
    }
    let texts = parameters.map { "\($0.keyword)=\($0.value.exposed)" }
    #expect(
      texts == [
        "host=db.internal", "port=5432", "dbname=shop", "user=sluice", "password=0123",
        "sslmode=verify-full", "connect_timeout=10",
      ]
    )
  }

  @Test func `a SQLite path is relative to the project`() throws {
    let settings = try load([
      "sluice.yml": """
      sources:
        a: {type: sqlite, path: demo/shop.db, immutable: true}
        b: {type: sqlite, path: /srv/shop.db, immutable: "false"}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/customers.sql": "-- ---\n-- source: a\n-- primary_key: id\n-- ---\nSELECT 1",
    ])
    guard case .sqlite(let first, true, let shown, _)? = settings.sources["a"],
      case .sqlite(let second, false, _, _)? = settings.sources["b"]
    else {
      Issue.record("not as written")
      return
    }
    #expect(first == settings.directory + "/demo/shop.db")
    #expect(second == "/srv/shop.db")
    #expect(shown == "demo/shop.db")
  }

  @Test func `a destination has every key`() throws {
    let settings = try load([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations:
        events:
          type: kafka
          brokers: "broker1:9092, broker2,[::1]:9093"
          client_id: mine
          tls: "false"
          sasl: {mechanism: plain, username: u, password: p}
          properties: {compression.type: zstd, linger.ms: 5, socket.keepalive.enable: true}
          timeouts: {connect: 2s, delivery: 1h}
      """
    ])
    let events = try #require(settings.destinations["events"])
    #expect(events.brokers == .addresses(["broker1:9092", "broker2", "[::1]:9093"]))
    #expect(events.clientID == "mine")
    #expect(events.tls == nil)
    #expect(events.mechanism == .plain(username: "u", password: Secret("p")))
    #expect(
      events.properties.map(\.name) == ["compression.type", "linger.ms", "socket.keepalive.enable"]
    )
    #expect(events.properties.map(\.value.exposed) == ["zstd", "5", "true"])
    #expect(events.connectTimeout == .seconds(2))
    #expect(events.deliveryTimeout == .seconds(3600))
  }

  @Test func `a destination speaks TLS unless told otherwise, an embedded one never`() throws {
    let settings = try load([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations:
        far: {type: kafka, brokers: [a:1, b:2]}
        near: {type: kafka, brokers: embedded}
      defaults: {destination: far}
      """
    ])
    #expect(settings.destinations["far"]?.tls == LoginSettings.TLS())
    #expect(settings.destinations["far"]?.brokers == .addresses(["a:1", "b:2"]))
    #expect(settings.destinations["near"]?.tls == nil)
    #expect(settings.destinations["near"]?.brokers == .embedded)
  }

  @Test func `the project's own keys are read`() throws {
    let settings = try load([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      timezone: UTC
      state: {path: var/state, required: true}
      history: {runs: 7, messages: 0}
      """
    ])
    #expect(settings.stateDirectory == settings.directory + "/var/state")
    #expect(settings.historyRuns == 7)
    #expect(settings.historyMessages == 0)
    #expect(settings.syncs.first?.stateRequired == true)
  }

  @Test func `a sync's keys win over the defaults`() throws {
    let settings = try load([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      defaults:
        initial_sync: skip
        headers: {origin: sluice}
        system_headers: all
        triggers: [added]
        guards: {max_removed: 10}
        tags: [a]
        schedule: "0 * * * *"
        changed_when: {ignore: [at]}
        on_model_change: resend
        unknown_topic: reject
        state: {required: true}
        delivery: at_least_once
        partition: 1
      """,
      "syncs/customers.yml": """
      model: customers
      topic: customers
      key: {column: id}
      initial_sync: backfill
      tags: [b, c]
      """,
    ])
    let sync = try #require(settings.syncs.first)
    #expect(sync.initialSync == .backfill)
    #expect(sync.tags == ["b", "c"])
    #expect(sync.added.headers.map(\.name) == ["origin"])
    #expect(sync.added.systemHeaders == SystemHeader.allCases)
    #expect(sync.added.isSelected && !sync.changed.isSelected && !sync.removed.isSelected)
    #expect(sync.guards[.maxRemoved] == .count(10))
    #expect(sync.schedule?.value == "0 * * * *")
    #expect(sync.schedule?.location?.file == "sluice.yml")
    #expect(sync.changedWhen.value == .ignoring(["at"]))
    #expect(sync.onModelChange == .resend)
    #expect(sync.unknownTopic == .reject)
    #expect(sync.stateRequired)
    #expect(sync.added.partition?.value == .literal(.number("1")))
  }

  @Test func `a trigger's overrides replace keys whole and join headers`() throws {
    let sync = try sync(
      """
      headers: {a: "1", b: "2"}
      null_values: unchecked
      triggers:
        added: {topic: created, headers: {b: "3", c: "4"}}
        removed: {message: tombstone, key: {value: k}, partition: 0, system_headers: none}
      """
    )
    #expect(sync.added.topic.value == .text("created"))
    #expect(sync.added.headers.map(\.name) == ["a", "b", "c"])
    #expect(sync.added.headers.map(\.value.value) == ["1", "3", "4"].map(ValueForm.text))
    #expect(!sync.changed.isSelected)
    #expect(sync.changed.headers.map(\.name) == ["a", "b"])
    #expect(sync.removed.key?.value == .literal(.string("k")))
    #expect(sync.nullValues == .unchecked)
    #expect(sync.removed.partition?.value == .literal(.number("0")))
    #expect(sync.removed.systemHeaders == [])
    guard case .tombstone = sync.removed.body, case .allColumns = sync.added.body else {
      Issue.record("wrong bodies")
      return
    }
  }

  @Test func `only triggers that send need a topic`() throws {
    let text =
      "model: customers\nkey: {column: id}\ntriggers: {added: {topic: a}, removed: {topic: b}}\n"
    let sync = try #require(try load(["syncs/customers.yml": text]).syncs.first)
    #expect(sync.added.topic.value == .text("a"))
    #expect(sync.removed.topic.value == .text("b"))
  }

  @Test func `a header of the user replaces Sluice's own of the same name`() throws {
    let sync = try sync("headers: {change: {column: kind}}\nsystem_headers: [timestamp, change]\n")
    #expect(sync.added.systemHeaders == [.timestamp])
    #expect(sync.added.headers.map(\.value.value) == [.column("kind")])
  }

  @Test func `each guard is the sync's own, else that of the defaults, and none lifts one`() throws
  {
    let settings = try load([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      defaults: {guards: {max_removed: 10%, max_added: 500%, min_rows: 3, max_rejected: 7}}
      """,
      "syncs/customers.yml": """
      model: customers
      topic: customers
      key: {column: id}
      guards: {max_removed: 20%, max_added: none, max_changed: 0, unstable_key: 5%}
      """,
    ])
    let guards = try #require(settings.syncs.first).guards
    let expected: [Guard: GuardLimit] = [
      .maxRemoved: .percent(20), .maxChanged: .count(0), .maxAdded: .unbounded,
      .minRows: .count(3), .maxRejected: .count(7), .unstableKey: .percent(5),
    ]
    for name in Guard.allCases { #expect(guards[name] == expected[name], "\(name)") }
  }

  @Test func `percentages, counts, schedules and columns are read`() throws {
    let sync = try sync(
      """
      guards: {max_removed: 12.5%}
      schedule: "*/5  0-6,12 * jan-mar mon"
      changed_when: {only: [email, name]}
      """
    )
    #expect(sync.guards[.maxRemoved] == .percent(12.5))
    #expect(sync.schedule?.value == "*/5 0-6,12 * jan-mar mon")
    #expect(sync.changedWhen.value == .only(["email", "name"]))
  }

  @Test func `a model keeps its whole text and its front matter's values`() throws {
    let text = """
      -- Customers with an address.
      -- ---
      -- source: shop
      -- primary_key: [tenant_id, id]   # two columns
      -- types:
      --   attrs: json
      --   active: boolean
      -- ---
      SELECT 1;
      """
    let model = try #require(try load(["models/customers.sql": text]).models["customers"])
    #expect(model.sql == text)
    #expect(model.primaryKey.map(\.value) == ["tenant_id", "id"])
    #expect(model.primaryKey.first?.location?.description == "models/customers.sql:4:18")
    #expect(model.types.mapValues(\.value) == ["attrs": .json, "active": .boolean])
  }

  @Test func `tests on rows and a gate are read, with their places`() throws {
    let text = """
      -- ---
      -- primary_key: id
      -- tests:
      --   - not_null: email
      --   - {unique: [tenant, email], severity: warn}
      --   - accepted_values: {status: [open, 1, true, "2"], kind: [a]}
      --   - {expression: "total >= 0", name: no debts}
      -- gate: {dbt_run_results: ../dbt/target/run_results.json}
      -- ---
      SELECT 1;
      """
    let model = try #require(try load(["models/customers.sql": text]).models["customers"])
    #expect(
      model.tests.map(\.title) == [
        "not_null(email)", "unique(tenant, email)", "accepted_values(status)",
        "accepted_values(kind)", "no debts",
      ]
    )
    #expect(model.tests.map(\.severity) == [.error, .warn, .error, .error, .error])
    #expect(
      model.tests[2].rule
        == .acceptedValues(
          column: "status",
          values: [.string("open"), .number("1"), .boolean(true), .string("2")]
        )
    )
    #expect(model.tests[0].location.description == "models/customers.sql:4:18")
    #expect(model.gate?.dbtRunResults.hasSuffix("/../dbt/target/run_results.json") == true)
    #expect(model.gate?.location.line == 8)
  }

  @Test func `syncs come sorted by name and tests of syncs are left alone`() throws {
    let sync = TemporaryProject.files["syncs/customers.yml"]
    let settings = try load([
      "syncs/b.yml": sync, "syncs/a.yml": sync, "syncs/a.test.yml": "not: [for, us", ".env": "",
    ])
    #expect(settings.syncs.map(\.name) == ["a", "b", "customers"])
  }

  @Test func `aliases and comments are allowed`() throws {
    let sync = try sync(
      """
      headers: {a: &name {column: x}, b: *name}   # twice the same
      tags: &tags [a]
      """
    )
    #expect(sync.added.headers.map(\.value.value) == [.column("x"), .column("x")])
  }

  @Test func `the project is found from a folder inside it`() throws {
    let project = try TemporaryProject()
    #expect(Configuration.project(from: project.directory + "/models/deep/er") == project.directory)
    #expect(Configuration.project(from: "/nowhere/at/all") == nil)
  }
}
