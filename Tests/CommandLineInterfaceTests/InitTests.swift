import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// Projects and syncs that are made for a table of a real database.
@Suite struct InitTests {
  private static let tables = """
    CREATE TABLE "Order Details" ("Order ID" INTEGER, line INTEGER, "group" TEXT, \
    PRIMARY KEY (line, "Order ID"));
    CREATE TABLE orders (number INTEGER PRIMARY KEY, note TEXT);
    CREATE TABLE loose (a INTEGER, "B" INTEGER);
    INSERT INTO "Order Details" VALUES (1, 2, 'x'); INSERT INTO orders VALUES (7, 'y');
    INSERT INTO loose VALUES (1, 2);
    """

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder(["set-up.sql": Self.tables])
    let path = folder.path
    #expect(Shell.runBlocking("sqlite3 '\(path)/shop.db' < '\(path)/set-up.sql'").code == 0)
    return folder
  }

  /// The commands that are printed after `Next:`, each of which has to work.
  private func runNext(_ folder: TemporaryFolder, _ outcome: Outcome) async {
    let lines = outcome.output.components(separatedBy: "Next:\n").last?.split(separator: "\n") ?? []
    #expect(lines.count == 2, "\(outcome.output)\(outcome.errors)")
    for line in lines {
      let next = await folder.run(String(line.drop { $0 == " " }.dropFirst("sluice ".count)))
      #expect(next.code == .done, "\(line): \(next.errors)")
    }
  }

  @Test func `a table is named as people name it, and its key comes from the catalogue`()
    async throws
  {
    let folder = try folder()
    let made = await folder.run(words: [
      "init", "crm", "--source", "shop.db", "--table", "Order Details",
    ])
    #expect(made.code == .done, "\(made.errors)")
    let model = try folder.read("crm/models/order_details.sql")
    #expect(model.contains("-- primary_key: [line, \"Order ID\"]\n"))
    #expect(
      model.hasSuffix("SELECT\n  \"Order ID\",\n  line,\n  \"group\"\nFROM \"Order Details\"\n")
    )
    await runNext(folder, made)
    let second = await folder.run(words: ["-C", "crm", "new", "second", "--table", "ORDERS"])
    #expect(try folder.read("crm/models/second.sql").hasSuffix("number,\n  note\nFROM orders\n"))
    await runNext(folder, second)
    let again = await folder.run(words: ["-C", "crm", "new", "second", "--table", "orders"])
    #expect(again.code == .failed)
    #expect(again.errors.contains("already there") && again.errors.contains("sluice new NAME"))
  }

  @Test func `a table without a primary key needs to be told its key`() async throws {
    let folder = try folder()
    let line = "init crm --source shop.db --table loose"
    let missing = await folder.run(line)
    #expect(missing.code == .usage)
    #expect(missing.errors.contains("loose has no primary key"))
    #expect(missing.errors.contains("it has a, B"))
    let unknown = await folder.run(line + " --key a,c")
    #expect(unknown.code == .usage && unknown.errors.contains("has no column 'c'"))
    let table = await folder.run("init crm --source shop.db --table lose")
    #expect(table.code == .usage && table.errors.contains("no table lose"))
    for wrong in ["a,", "a,a", ","] {
      #expect(await folder.run(line + " --key \(wrong)").code == .usage, "\(wrong)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/crm"))
    let made = await folder.run(line + " --key b,a")
    #expect(try folder.read("crm/models/loose.sql").contains("-- primary_key: [\"B\", a]\n"))
    await runNext(folder, made)
  }

  @Test func `what a cluster may need is there to be uncommented, and is right`() async throws {
    let folder = try folder()
    for brokers in ["broker1:9093,broker2:9093", "localhost:9093"] {
      let name = String(brokers.prefix { $0 != ":" })
      let made = await folder.run(words: [
        "init", name, "--source", "shop.db", "--table", "orders", "--brokers", brokers,
      ])
      #expect(made.code == .done && made.output.contains("sluice -C \(name) check --connect"))
      #expect(await folder.run("-C \(name) check").code == .done)
      let text = try folder.read("\(name)/sluice.yml")
      let lines = text.components(separatedBy: "\n").map { line in
        line.hasPrefix("    # ") ? "    " + line.dropFirst(6) : line
      }
      #expect(lines.filter { $0.hasPrefix("    sasl: ") || $0.hasPrefix("    ca: ") }.count == 2)
      let open = lines.joined(separator: "\n").replacingOccurrences(
        of: "tls: false",
        with: "tls: true"
      )
      try folder.write(open, to: "\(name)/sluice.yml")
      let checked = await folder.run("-C \(name) check", environment: ["KAFKA_PASSWORD": "p"])
      #expect(checked.code == .done, "\(checked.errors)")
    }
  }

  @Test(arguments: [
    ("mysql://h/d", "'mysql://' names no source"),
    ("sqlite:///x.db", "'sqlite://' names no source"),
    ("jdbc+x://h", "names no source"), ("file:x.db", "is not the path of a file"),
    ("postgresql://u@h:port/d", "port"),
  ])
  func `a source that Sluice cannot read is refused with what it can`(
    _ source: String,
    _ said: String
  ) async throws {
    let folder = try TemporaryFolder()
    let outcome = await folder.run("init x --source \(source) --table t")
    #expect(outcome.code == .usage)
    #expect(outcome.errors.contains(said), "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func `Postgres is asked by its key=value text, in whatever schema the table is`()
    async throws
  {
    let cluster = try #require(PostgresCluster.shared)
    let database = cluster.makeDatabase(
      """
      CREATE SCHEMA "Sales";
      CREATE TABLE "Sales"."Order Details" ("ID" int, line int, extra text,
        gone int, PRIMARY KEY (line, "ID") INCLUDE (extra));
      ALTER TABLE "Sales"."Order Details" DROP COLUMN gone;
      CREATE TABLE "user" (id int PRIMARY KEY, "when" timestamp);
      INSERT INTO "user" VALUES (1, NULL); INSERT INTO "Sales"."Order Details" VALUES (1, 2, 'x');
      """
    )
    let folder = try TemporaryFolder()
    let source = cluster.parameters(database: database)
      .map { "\($0.keyword)='\($0.value)'" }.joined(separator: " ")
    let made = await folder.run(words: ["init", "crm", "--source", source, "--table", "user"])
    #expect(made.code == .done, "\(made.errors)")
    #expect(try folder.read("crm/models/user.sql").hasSuffix("id,\n  \"when\"\nFROM \"user\"\n"))
    await runNext(folder, made)
    let second = await folder.run(words: ["-C", "crm", "new", "lines", "--table", "order details"])
    let model = try folder.read("crm/models/lines.sql")
    #expect(model.contains("-- primary_key: [line, \"ID\"]\n"))
    #expect(model.hasSuffix("\"ID\",\n  line,\n  extra\nFROM \"Sales\".\"Order Details\"\n"))
    await runNext(folder, second)
  }

  @Test func `a server that does not answer leaves a project and a warning`() async throws {
    let folder = try TemporaryFolder()
    let source = "host=127.0.0.1 port=1 dbname=d password=it\\'s-hunter2"
    let made = await folder.run(
      words: ["init", "crm", "--source", source, "--table", "sales.order", "--key", "a, b"]
    )
    #expect(made.code == .done)
    #expect(made.errors.contains("could not be asked"))
    #expect(!made.errors.contains("hunter2"))
    let model = try folder.read("crm/models/order.sql")
    #expect(model.contains("-- primary_key: [a, b]\n"))
    #expect(model.hasSuffix("SELECT * FROM sales.\"order\"\n"))
    let check = await folder.run("-C crm check")
    #expect(check.code == .done, "\(check.errors)")
  }
}
