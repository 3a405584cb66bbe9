// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// A C library of the system, named with the package that installs it.
func library(_ name: String, _ pkgConfig: String, apt: String, brew: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// `snapshots` says whether the folder `Snapshots` stands beside the tests.
func tests(
  _ name: String,
  _ dependencies: [Target.Dependency] = [],
  snapshots: Bool = false
) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.target(name: name)] + dependencies,
    exclude: snapshots ? ["Snapshots"] : [],
    swiftSettings: strict
  )
}

let package = Package(
  name: "sluice",
  products: [
    .executable(name: "sluice", targets: ["sluice"]),
    // What the package in Benchmarks measures.
    .library(
      name: "Rooms",
      targets: [
        "JMESPath", "JSON", "Liquid", "Messages", "Rows", "Settings", "State", "Text", "Values",
      ]
    ),
  ],
  targets: [
    library("CPostgres", "libpq", apt: "libpq-dev", brew: "libpq"),
    library("CSQLite", "sqlite3", apt: "libsqlite3-dev", brew: "sqlite"),
    library("CRdKafka", "rdkafka", apt: "librdkafka-dev", brew: "librdkafka"),
    library("CYAML", "yaml-0.1", apt: "libyaml-dev", brew: "libyaml"),
    library("CXXHash", "libxxhash", apt: "libxxhash-dev", brew: "xxhash"),
    library("COpenSSL", "libssl", apt: "libssl-dev", brew: "openssl@3"),
    library("CIDN", "libidn", apt: "libidn-dev", brew: "libidn"),
    library("CCurl", "libcurl", apt: "libcurl4-openssl-dev", brew: "curl"),
    library("CZstd", "libzstd", apt: "libzstd-dev", brew: "zstd"),

    .systemLibrary(name: "CProcess"),
    .systemLibrary(name: "CByteSearch"),
    .target(name: "CBuild", sources: ["build.c"]),

    room("Blocking", ["CProcess"]),
    room("Text", ["CByteSearch"]),
    room("Spelling"),
    room("Settings", ["Text"]),
    room("Tracing"),
    room("Values"),
    room("JSON", ["Text", "Values"]),
    room("Rows", ["Text", "CXXHash"]),
    room("Reports", ["Text", "JSON", "Settings", "Values"]),

    room("SQLite", ["Blocking", "Text", "CSQLite", "Rows"]),
    room("Postgres", ["Blocking", "CPostgres", "Rows", "Settings", "Text", "Tracing"]),
    room("Transfer", ["Blocking", "CCurl"]),
    room("Credentials", ["Blocking", "Settings", "Text", "Tracing", "Transfer"]),
    room(
      "KafkaProtocol",
      ["Blocking", "CIDN", "COpenSSL", "Credentials", "Settings", "Text", "Tracing"]
    ),
    room(
      "Kafka",
      [
        "Blocking", "CRdKafka", "Credentials", "KafkaProtocol", "Rows", "Settings", "Text",
        "Tracing",
      ]
    ),
    room(
      "State",
      ["Blocking", "Text", "CZstd", "JSON", "Reports", "Rows", "Settings", "SQLite", "Values"]
    ),
    room("Liquid", ["JSON", "Spelling", "Text", "Values"]),
    room("JMESPath", ["Text", "JSON", "Values"]),
    room(
      "Messages",
      ["Text", "JMESPath", "JSON", "Liquid", "Rows", "Settings", "Spelling", "Values"]
    ),
    room(
      "Sync",
      [
        "Blocking", "JSON", "Messages", "Reports", "Rows", "Settings", "State", "Spelling", "Text",
        "Values",
      ]
    ),
    room(
      "Alerts",
      ["Blocking", "Reports", "Settings", "SQLite", "Text", "Tracing", "Transfer", "Values"]
    ),
    room(
      "Connections",
      [
        "Blocking", "Sync", "Kafka", "KafkaProtocol", "Messages", "Postgres", "Reports", "Rows",
        "Settings", "Spelling", "SQLite", "Tracing", "Values",
      ]
    ),

    room(
      "Configuration",
      ["Blocking", "Text", "CYAML", "JMESPath", "JSON", "Liquid", "Settings", "Spelling", "Values"]
    ),
    room("Arguments", ["Spelling"]),
    room(
      "CommandLineInterface",
      [
        "Alerts", "Arguments", "Blocking", "CBuild", "Configuration", "Connections", "Sync", "JSON",
        "Liquid", "Messages", "Reports", "Rows", "Settings", "Spelling", "Text", "Tracing",
        "Values",
      ]
    ),
    .executableTarget(
      name: "sluice",
      dependencies: ["CommandLineInterface"],
      swiftSettings: strict
    ),

    room("TestSupport"),
    .target(name: "TestSnapshots", path: "Tests/TestSnapshots", swiftSettings: strict),

    tests("Settings"),
    tests("Spelling"),
    tests("Text"),
    tests("Values"),
    tests("JSON", ["TestSupport", "Text", "Values"]),
    tests("Transfer", ["TestSupport"]),
    tests("Credentials", ["Settings", "TestSupport", "Text"]),
    tests("KafkaProtocol", ["Credentials", "Settings", "TestSupport", "Text"]),
    tests("Kafka", ["Text", "CRdKafka", "KafkaProtocol", "Settings", "Rows", "TestSupport"]),
    tests("Rows", ["Text", "TestSupport"]),
    tests("Reports", ["Settings", "Values"]),
    tests("Messages", ["JSON", "Rows", "Settings", "TestSupport", "Text", "Values"]),
    tests("SQLite", ["Rows", "Text"]),
    tests("State", ["Reports", "Rows", "Settings", "TestSupport", "Text"], snapshots: true),
    tests("Postgres", ["Rows", "TestSupport", "Text"]),
    tests(
      "Sync",
      [
        "Blocking", "Connections", "CSQLite", "Kafka", "KafkaProtocol", "Messages", "Postgres",
        "Reports",
        "Rows", "Settings", "State", "SQLite", "TestSupport", "Text", "Values",
      ]
    ),
    tests(
      "Alerts",
      ["Blocking", "Reports", "Settings", "TestSupport", "Text", "Transfer", "Values"]
    ),
    tests(
      "Connections",
      ["Sync", "Kafka", "KafkaProtocol", "Messages", "Reports", "Rows", "Settings"]
    ),
    tests(
      "Configuration",
      ["JSON", "Reports", "Settings", "TestSnapshots", "TestSupport", "Values"],
      snapshots: true
    ),
    tests("Arguments", ["TestSnapshots"], snapshots: true),
    tests(
      "CommandLineInterface",
      [
        "Alerts", "Arguments", "Reports", "Settings", "State", "SQLite", "TestSnapshots",
        "TestSupport", "Values",
      ],
      snapshots: true
    ),
    tests("Liquid", ["TestSupport", "Text", "Values", "JSON"]),
    tests("JMESPath", ["JSON", "TestSupport", "Text", "Values"]),
  ]
)
