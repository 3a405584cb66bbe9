import Arguments
import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// What documents tell people to type, by typing it.
@Suite struct DocumentScriptTests {
  // `Arguments` has one of its own.
  private typealias Shell = TestSupport.Shell

  private static let pages = (try? DocumentPage.all()) ?? []

  private static func pages(with place: DocumentTreatment.Place) -> [String] {
    let names = DocumentTreatment.all.filter {
      if case .run(place, _) = $0.treatment { true } else { false }
    }.map(\.page)
    return Set(names).sorted()
  }

  @Test func `a block is neither run nor said why it is not`() throws {
    #expect(Self.pages.count > 25, "this test looks in the wrong places")
    for page in Self.pages {
      for block in page.blocks where DocumentTreatment.of(block, in: page) == nil {
        Issue.record("\(page.name):\(block.line): \(block.firstLine): not in the list, or twice")
      }
      for entry in DocumentTreatment.all where entry.page == page.name {
        let found = page.blocks.filter { $0.firstLine.hasPrefix(entry.beginning) }
        #expect(found.count == 1, "\(page.name): \(entry.beginning): \(found.count) blocks")
      }
    }
  }

  private static let canRun = Shell.program("sluice") != nil && Shell.has("sqlite3")

  @Test(
    .enabled(if: canRun, "the program itself is not built, or no sqlite3 here"),
    arguments: pages(with: .empty)
  )
  func `what a page tells a beginner fails`(_ name: String) async throws {
    let failure = try await DocumentShell().run(DocumentPage(name), in: .empty)
    #expect(failure == nil)
  }

  @Test(
    .enabled(if: canRun && Shell.has("git"), "the program, sqlite3 or git is not here"),
    arguments: pages(with: .project)
  )
  func `what a page tells to do in a project fails`(_ name: String) async throws {
    let shell = try DocumentShell()
    let failure = try await shell.run(DocumentPage(name), in: .project)
    #expect(failure == nil)
    if name != "docs/operations.md" { return }
    #expect(try shell.folder.read("home/tab").contains(" run customers --if-running skip --quiet"))
    let kinds = try shell.folder.read("home/manifests").components(separatedBy: "\n---\n")
      .compactMap { $0.firstMatch(of: /(?m)^kind: "?(\w+)"?$/).map { String($0.1) } }
    #expect(kinds.contains("PersistentVolumeClaim") && kinds.contains("CronJob"), "\(kinds)")
  }

  @Test(
    .enabled(if: canRun && KafkaKit.location != nil, "no program or no real Kafka here"),
    .enabled(if: PostgresCluster.isInstalled, "Postgres is not installed")
  )
  func `what the README tells to do with servers fails`() async throws {
    let kit = try #require(await KafkaKit.start())
    let postgres = try #require(PostgresCluster.shared)
    let database = postgres.makeDatabase(
      """
      CREATE TABLE customers (id bigint PRIMARY KEY, email text);
      INSERT INTO customers VALUES (1, 'ada@example.com');
      CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric);
      """
    )
    let page = try DocumentPage("README.md")
    let blocks = page.text.components(separatedBy: "\n```")
    let destinations = try #require(blocks.first { $0.hasPrefix("yaml\ndestinations:") })
    let broker = kit["KAFKA_SCRAM_LENIENT"]
    var shell = try DocumentShell()
    try shell.folder.write(
      destinations.dropFirst(5).replacingOccurrences(of: "kafka.example.com:9093", with: broker)
        + "\n",
      to: "destinations"
    )
    shell.names = [
      (
        "postgresql://reader:PASSWORD@db.example.com/crm?sslmode=verify-full&sslrootcert=system",
        "postgresql://postgres@127.0.0.1:\(postgres.port)/\(database)?sslmode=disable"
      ),
      ("kafka.example.com:9093", broker),
    ]
    shell.variables = [
      ("CA", kit["KAFKA_CA"]), ("DESTINATIONS", shell.folder.path + "/destinations"),
    ]
    let failure = try await shell.run(page, in: .servers)
    #expect(failure == nil)
    #expect(await kit.kcat("customers") == [#"1 {"id":1,"email":"ada@example.com"}"#])
  }

  private static func block(
    _ page: String,
    _ isWanted: (DocumentTreatment) -> Bool
  ) throws
    -> String
  {
    let page = try DocumentPage(page)
    let found = page.blocks.filter { DocumentTreatment.of($0, in: page).map(isWanted) ?? false }
    return try #require(found.first).text
  }

  @Test(.enabled(if: Shell.has("systemd-analyze"), "no systemd-analyze here"))
  func `the unit of the operations page is not what systemd and Sluice take`() async throws {
    let unit = try Self.block("docs/operations.md") { if case .unit = $0 { true } else { false } }
    let start = try #require(unit.firstMatch(of: /(?m)^ExecStart=\/usr\/bin\/sluice (.*)$/))
    let words = start.1.split(separator: " ").map(String.init)
    #expect(throws: Never.self) { try CommandLineInterface.table.parse(words) }
    // The verifier wants the program and the user to be there.
    let folder = try TemporaryFolder([
      "crm.service": unit.replacing("/usr/bin/sluice", with: "/bin/true")
        .replacing("User=sluice", with: "User=root")
    ])
    let outcome = await Shell.run("systemd-analyze verify --man=no '\(folder.path)/crm.service'")
    #expect(outcome.code == 0 && outcome.errors == "", "\(outcome)")
  }

  @Test func `an image made as the operations page says is not one of this version`() throws {
    let own = try Self.block("docs/operations.md") { if case .image = $0 { true } else { false } }
    let base = try String(
      contentsOf: DocumentPage.root.appendingPathComponent("packaging/Dockerfile"),
      encoding: .utf8
    )
    let user = try #require(base.firstMatch(of: /(?m)^USER (\S+)$/)).1
    let folder = try #require(base.matches(of: /(?m)^WORKDIR (\S+)$/).last).1
    #expect(
      own == "FROM sluice:\(CommandLineInterface.version)\nCOPY --chown=\(user) . \(folder)\n"
    )
  }

  @Test(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
  func `the trigger of the operations page announces nothing`() async throws {
    let sql = try Self.block("docs/operations.md") {
      if case .statements = $0 { true } else { false }
    }
    let postgres = try #require(PostgresCluster.shared)
    let database = postgres.makeDatabase("CREATE TABLE customers (id int); \(sql)")
    let folder = try TemporaryFolder([
      "statements":
        "LISTEN customers;\nINSERT INTO customers VALUES (1);\nDELETE FROM customers;\n"
    ])
    let outcome = await Shell.run(
      "psql -XAtq -h 127.0.0.1 -p \(postgres.port) -U postgres -f '\(folder.path)/statements' "
        + database
    )
    #expect(outcome.output.matches(of: /notification "customers"/).count == 2, "\(outcome)")
  }
}
