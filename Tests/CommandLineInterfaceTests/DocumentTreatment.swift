/// What a test does with a block of a document.
enum DocumentTreatment {
  /// Where commands are run.
  enum Place {
    /// An empty folder.
    case empty
    /// The folder `crm` with a project: a SQLite table, the embedded broker, a schedule, tags, and
    /// a run behind it.
    case project
    /// An empty folder, a Postgres and a Kafka.
    case servers
  }

  /// bash runs it after the commands `before`; the blocks of a page share one shell.
  case run(Place, before: String = "")
  /// A unit that systemd verifies.
  case unit
  /// A Dockerfile over the image of `packaging/Dockerfile`.
  case image
  /// Statements for Postgres.
  case statements
  /// Not run, for a reason.
  case shown(String)

  /// Every block that is not configuration: its page, how it begins, and what is done with it.
  static let all: [(page: String, beginning: String, treatment: DocumentTreatment)] = [
    ("README.md", "┌────────────┐", picture),
    ("README.md", "sudo apt update", .shown("the package is installed by `make proof`")),
    ("README.md", "sluice init shop", .run(.empty)),
    ("README.md", ada, .run(.empty)),
    ("README.md", "sluice init crm --source 'postgresql://reade", .run(.servers)),
    ("README.md", "sluice check --connect", .run(.servers, before: "connect_as_the_readme_says")),
    ("README.md", "sluice.yml", picture),
    ("README.md", "make demo", .shown("every run of CI makes them")),
    ("docs/architecture.md", "source ──pages──▶ diff ──changes──▶ batches", picture),
    ("docs/architecture.md", "sluice", picture),
    ("docs/changing-safely.md", "customers: 1,204 rows read", output),
    ("docs/changing-safely.md", "sluice plan customers --save customers.plan", .run(.project)),
    ("docs/changing-safely.md", "sluice plan --tag crm --save plans/", .run(.project)),
    (
      "docs/changing-safely.md", "sluice plan customers --backfill --where \"u",
      .run(.project, before: "echo 3 > lost.txt")
    ),
    ("docs/changing-safely.md", "sluice plan customers --backfill --changed", .run(.project)),
    (
      "docs/changing-safely.md", "sluice plan --against main",
      .run(.project, before: "keep_in_git")
    ),
    ("docs/changing-safely.md", "customers: 2,000 rows, 6,000 messages compar", output),
    ("docs/ci.md", "sluice check", .run(.project)),
    ("docs/configuration.md", "syncs/customers.yml:2:1: error: unknown key", output),
    ("docs/configuration.md", "sluice.yml", picture),
    (
      "docs/configuration.md", "# yaml-language-server: $schema=.schema/conf",
      .shown("a comment for editors")
    ),
    ("docs/configuration.md", "source db: postgres app@127.0.0.1:5432/crm (", output),
    ("docs/configuration.md", "syncs/customers.yml:5:27: error: there is no", output),
    (
      "docs/configuration.md", "sluice render body.liquid --model customers",
      .run(.project, before: "write_a_template")
    ),
    ("docs/dbt.md", "sluice dbt exposures", .run(.project)),
    ("docs/dbt.md", "dbt build && sluice run --tag nightly", .run(.project)),
    ("docs/debugging.md", "rejected: 12 rows: syncs/customers.yml:7:13:", output),
    ("docs/debugging.md", "sluice doctor", .run(.project)),
    (
      "docs/environments.md", "sluice check",
      .run(.project, before: "rm -r state; export DATABASE_URL=postgresql://h/d KAFKA_PASSWORD=p")
    ),
    ("docs/from-hightouch.md", "error: destination events has no topic 'us',", output),
    (
      "docs/from-outpost.md", "{\"topic\": \"orders\", \"data\": {\"order_i",
      .shown("what Outpost takes")
    ),
    ("docs/getting-started.md", "sluice init shop", .run(.empty)),
    ("docs/getting-started.md", ada, .run(.empty)),
    ("docs/getting-started.md", "sluice check", .run(.empty)),
    ("docs/liquid.md", "syncs/customers.yml:6:5: error: a comma is m", output),
    (
      "docs/migrating.md", "kcat -b broker:9092 -C -e -t connect-offsets",
      .shown("a topic of Kafka Connect, read by kcat")
    ),
    ("docs/migrating.md", "sluice backfill customers --where \"id > 471", .run(.project)),
    ("docs/operations.md", "[critical] crm: customers failed", output),
    ("docs/operations.md", "$ sluice status --check --max-age 15m", .run(.project)),
    ("docs/operations.md", "sluice crontab", .run(.project)),
    ("docs/operations.md", "sudo sluice schedule --systemd --write /etc/", .run(.project)),
    ("docs/operations.md", "sluice schedule --kubernetes --image registr", .run(.project)),
    ("docs/operations.md", "FROM sluice:0.2.0", .image),
    (
      "docs/operations.md", "docker run --rm -v \"$PWD:/project\" --user",
      .run(.project, before: "touch crm.env")
    ),
    ("docs/operations.md", "CREATE FUNCTION announce() RETURNS trigger L", .statements),
    ("docs/operations.md", "[Unit]", .unit),
    ("docs/performance.md", "make optimized && Benchmarks/run", benchmark),
    ("docs/performance.md", "On ", output),
    ("docs/performance.md", "make optimized && Benchmarks/scale", benchmark),
    ("docs/performance.md", "Tests/Soak/loop", benchmark),
    ("docs/performance.md", "Benchmarks/latency", benchmark),
    ("docs/performance.md", "Benchmarks/liquid.sh [RENDERS]", benchmark),
    ("docs/performance.md", "$(Benchmarks/build ComposerBenchmark)", benchmark),
    ("docs/performance.md", "Benchmarks/jmespath.sh [SEARCHES]", benchmark),
    ("docs/testing-syncs.md", "sluice test", .run(.project)),
    ("docs/upgrading.md", "cp -a state state.before-upgrade", .run(.project)),
  ]

  private static let ada =
    "sqlite3 demo/shop.db \"UPDATE customers SET email = 'ada@lovelace.org' WHERE id = 1\""
  private static let picture = shown("a picture")
  private static let output = shown("what a command prints; snapshots hold such texts")
  private static let benchmark = shown("takes minutes, for developers")
}
