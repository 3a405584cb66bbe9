import Settings

extension KeyTable {
  /// `sluice.yml`.
  static let project = KeyTable(
    "a project",
    [
      .required(
        "sources",
        .map(.variants(.source), countMin: 1),
        says: "Where rows come from, by name"
      ),
      .required(
        "destinations",
        .map(.table(.destination), countMin: 1),
        says: "Where messages go, by name"
      ),
      .optional(
        "defaults",
        .table(.defaults),
        says: "What syncs have that do not say it themselves"
      ),
      .optional("alerts", .table(.alerts), says: "Who is told when something goes wrong"),
      .optional("metrics", .table(.metrics), says: "Where figures for Prometheus go"),
      .optional("timezone", .string, says: "The time zone that people see, such as Europe/Berlin"),
      .optional("state", .table(.stateFolder), says: "Where states are"),
      .optional("history", .table(.history), says: "How much is remembered of earlier runs"),
      .optional(
        "environments",
        .table(.environments),
        says: "Whether an environment has to be named"
      ),
      .optional("commands", .table(.commands), says: "What commands for secrets see"),
      .optional("dbt", .table(.dbt), says: "Where models of dbt are found"),
    ]
  )

  /// `sluice.NAME.yml`, whose maps are laid over those of `sluice.yml`.
  static let environment = KeyTable(
    "an environment",
    project.keys.filter { $0.name != "environments" }
  )

  /// `metrics`.
  static let metrics = KeyTable(
    "'metrics'",
    [
      .optional(
        "textfile",
        .form("(.*[^/])\\.prom"),
        says: "A file for the node exporter; it ends in .prom"
      ),
      .optional("pushgateway", .string, says: "The URL of a Pushgateway"),
    ],
    countMin: 1
  )

  /// `state` of a project.
  static let stateFolder = KeyTable(
    "'state'",
    [
      .optional("path", .string, says: "The folder of the states"),
      .optional("required", .boolean, says: "Whether a missing state is an error"),
    ]
  )

  /// `history`.
  static let history = KeyTable(
    "'history'",
    [
      .optional("runs", .integer(HistoryBounds.runs), says: "Runs a sync that are remembered"),
      // A batch has 10,000 messages: more than the last of them would slow every run down.
      .optional(
        "messages",
        .integer(HistoryBounds.messages),
        says: "Messages a sync that are remembered"
      ),
    ]
  )

  /// `environments`.
  static let environments = KeyTable(
    "'environments'",
    [.optional("required", .boolean, says: "Whether every command needs --env or SLUICE_ENV")]
  )

  /// `dbt`.
  static let dbt = KeyTable(
    "'dbt'",
    [
      .optional("manifest", .string, says: "The path of dbt's manifest.json"),
      .optional("source", .string, says: "The source that dbt builds in"),
    ]
  )

  /// `commands`.
  static let commands = KeyTable(
    "'commands'",
    [.optional("environment", .strings, says: "Variables of .env that commands for secrets see")]
  )
}

/// How much history can be kept.
enum HistoryBounds {
  static let runs = 1...1_000_000
  static let messages = 0...10_000
}
