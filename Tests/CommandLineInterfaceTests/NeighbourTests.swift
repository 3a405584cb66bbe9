import CommandLineInterface
import Foundation
import Testing

/// Commands in a project in which somebody is working.
@Suite struct NeighbourTests {
  private func project(_ more: [String: String] = [:]) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    for (name, text) in more { try folder.write(text, to: name) }
    return folder
  }

  private static let unfinished = [
    "models/draft.sql": "SELECT 1 AS id", "syncs/b.yml": "model: customers\ntopic: [",
    "syncs/customers copy.yml": "model: customers", "syncs/c.yaml": "model: customers",
    "syncs/d.yml": "model: customers\ntopic: ${D_TOPIC}\nkey: {column: id}\ntags: [nightly]",
  ]

  @Test func `one unfinished file does not stop the sync of a cron line`() async throws {
    let folder = try await project(Self.unfinished)
    let quiet = await folder.run("run customers --quiet")
    #expect(quiet.code == .done)
    #expect(quiet.errors == "")
    let loud = await folder.run("run customers")
    #expect(loud.code == .done)
    #expect(loud.errors.contains("models/draft.sql:1:1: warning:"))
    #expect(!loud.errors.contains("error:"), "\(loud.errors)")
    #expect(await folder.run("check").code == .configuration)
    for line in ["plan customers", "status customers", "runs customers", "errors customers"] {
      #expect(await folder.run(line).code == .done, "\(line)")
    }
  }

  @Test func `a run of all runs the sound ones and ends with 78 for the others`() async throws {
    let folder = try await project(Self.unfinished)
    let outcome = await folder.run("run --output json")
    #expect(outcome.code == .configuration)
    #expect(outcome.errors.contains("error: b: not run"), "\(outcome.errors)")
    #expect(outcome.errors.contains("error: syncs/c.yaml: not run"))
    #expect(
      outcome.output.contains("\"sync\":\"customers\"") && outcome.output.contains("\"done\"")
    )
    #expect(await folder.run("plan").code == .configuration)
    #expect(await folder.run("status").code == .configuration)
    #expect(await folder.run("run b").code == .configuration)
    #expect(await folder.run("run no-such").code == .usage)
  }

  @Test func `a draft that no sync reads is not worth an exit code`() async throws {
    let folder = try await project(["models/draft.sql": "SELECT 1 AS id"])
    #expect(await folder.run("run").code == .done)
  }

  @Test func `a failure is graver than a file with errors, and that graver than rejected rows`()
    async throws
  {
    let folder = try await project([
      "syncs/b.yml": "model: customers\ntopic: [",
      "models/gone.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
    ])
    #expect(await folder.run("run").code == .configuration)
    try FileManager.default.removeItem(atPath: folder.path + "/demo/shop.db")
    #expect(await folder.run("run").code == .failed)
  }

  @Test func `a tag chooses what can be read`() async throws {
    let folder = try await project(Self.unfinished)
    #expect(await folder.run("run --tag nightly").code == .configuration)
    #expect(await folder.run("run --tag nightly", environment: ["D_TOPIC": "t"]).code == .done)
  }

  @Test func `tests and offline checks need no secret`() async throws {
    let folder = try await project([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: "${SHOP}"}}
      destinations:
        events: {type: kafka, brokers: "${BROKERS}", sasl: {mechanism: plain, username: u,
                 password: "${PW}"}}
      """,
      "syncs/customers.test.yml":
        "- {name: one, change: added, row: {id: 1}, expect: {key: \"1\"}}",
    ])
    let test = await folder.run("test")
    #expect(test.code == .done, "\(test.output)\(test.errors)")
    let check = await folder.run("check")
    #expect(check.code == .done, "\(check.errors)")
    #expect(check.errors.contains("PW is not set: what depends on it is not checked"))
    #expect(await folder.run("run").code == .configuration)
    #expect(await folder.run("check --connect").code == .configuration)
    try folder.write(
      "model: customers\ntopic: ${TOPIC}\nkey: {column: id}",
      to: "syncs/customers.yml"
    )
    let rendered = await folder.run("test")
    #expect(rendered.code == .failed)
    #expect(rendered.errors.contains("the variable TOPIC is not set"))
    let set = await folder.run("test", environment: ["TOPIC": "t"])
    #expect(set.code == .done, "\(set.output)\(set.errors)")
  }

  @Test func `where a run reads and sends is said by check, plan and the first run`() async throws {
    let folder = try await project([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: "${SHOP_DB}"}}
      destinations: {events: {type: kafka, brokers: embedded, client_id: "${CLIENT}"}}
      """,
      ".env": "SHOP_DB=other.db\nCLIENT=c\nUNUSED=1\n",
    ])
    let environment = ["SHOP_DB": "demo/shop.db", "UNUSED": "2"]
    let line = "source shop: sqlite demo/shop.db (SHOP_DB from the environment; .env has another)"
    for command in ["check", "plan", "run"] {
      let outcome = await folder.run(command, environment: environment)
      #expect(outcome.errors.contains(line), "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains("destination events: the embedded broker (CLIENT from .env)"))
      #expect(!outcome.errors.contains("UNUSED"))
    }
    #expect(!(await folder.run("run", environment: environment).errors.contains("SHOP_DB")))
    for command in ["check --quiet", "plan --quiet"] {
      #expect(!(await folder.run(command, environment: environment).errors.contains("SHOP_DB")))
    }
  }

  @Test func `init names the variable after the project, and warns where it is set`() async throws {
    let folder = try TemporaryFolder()
    let line = "init my-crm --source postgresql://h/d --table orders"
    let outcome = await folder.run(line, environment: ["MY_CRM_DATABASE_URL": "x"])
    #expect(outcome.code == .done)
    #expect(outcome.errors.contains("MY_CRM_DATABASE_URL is set in this shell"))
    #expect(try folder.read("my-crm/sluice.yml").contains("${MY_CRM_DATABASE_URL}"))
    #expect(try folder.read("my-crm/.env") == "MY_CRM_DATABASE_URL='postgresql://h/d'\n")
    let other = await folder.run("init 2nd --source postgresql://h/d --table orders")
    #expect(!other.errors.contains("is set"))
    #expect(try folder.read("2nd/.env").hasPrefix("SLUICE_DATABASE_URL="))
  }

  @Test func `several syncs are adopted at once`() async throws {
    let folder = try await project([
      "syncs/b.yml": "model: customers\ntopic: b\nkey: {column: id}",
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: "${DB}"}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
    ])
    try FileManager.default.copyItem(
      atPath: folder.path + "/demo/shop.db",
      toPath: folder.path + "/copy.db"
    )
    #expect(await folder.run("run", environment: ["DB": "demo/shop.db"]).code == .done)
    let swapped = await folder.run("run", environment: ["DB": "copy.db"])
    #expect(swapped.code == .failed)
    #expect(swapped.errors.contains("recover b --adopt"))
    #expect(swapped.output == "")
    let plan = await folder.run("plan", environment: ["DB": "copy.db"])
    #expect(plan.code == .failed)
    #expect(await folder.run("recover b customers --sent", environment: ["DB": "x"]).code == .usage)
    let adopted = await folder.run("recover b customers --adopt", environment: ["DB": "copy.db"])
    #expect(adopted.code == .done, "\(adopted.errors)")
    #expect(await folder.run("run", environment: ["DB": "copy.db"]).code == .done)
  }
}
