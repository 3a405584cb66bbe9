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

func benchmark(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .executableTarget(
    name: name,
    dependencies: dependencies,
    path: "Benchmarks/\(name)",
    swiftSettings: strict
  )
}

let package = Package(
  name: "sluice",
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

    room("Blocking"),
    room("Settings"),
    room("Tracing"),
    room("Bytes"),
    room("Values"),
    room("JSON", ["Bytes", "Values"]),
    room("Rows", ["Bytes", "CXXHash"]),
    room("Reports", ["Bytes", "JSON", "Settings", "Values"]),

    room("SQLite", ["Blocking", "Bytes", "CSQLite", "Rows"]),
    room("Postgres", ["Blocking", "Bytes", "CPostgres", "Rows", "Tracing"]),
    room("Transfer", ["Blocking", "CCurl", "Settings"]),
    room("KafkaLogin", ["Blocking", "CIDN", "COpenSSL", "Settings", "Tracing", "Transfer"]),
    room("Kafka", ["Blocking", "Bytes", "CRdKafka", "KafkaLogin", "Rows", "Settings", "Tracing"]),
    room(
      "Snapshot",
      ["Blocking", "Bytes", "CZstd", "JSON", "Reports", "Rows", "Settings", "SQLite", "Values"]
    ),
    room("Liquid", ["Bytes", "Values", "JSON"]),
    room("JMESPath", ["Bytes", "JSON", "Values"]),
    room(
      "Messages",
      ["Bytes", "JMESPath", "JSON", "Liquid", "Rows", "Settings", "Spelling", "Values"]
    ),
    room(
      "Engine",
      [
        "Blocking", "Bytes", "JSON", "Kafka", "KafkaLogin", "Messages", "Postgres", "Reports",
        "Rows", "Settings", "Snapshot", "Spelling", "SQLite", "Tracing", "Values",
      ]
    ),

    room("Spelling"),
    room(
      "Configuration",
      ["Bytes", "CYAML", "JMESPath", "JSON", "Liquid", "Settings", "Spelling", "Values"]
    ),
    room("Arguments", ["Spelling"]),
    room(
      "CommandLineInterface",
      [
        "Arguments", "Bytes", "Configuration", "Engine", "JSON", "Kafka", "Liquid", "Messages",
        "Reports", "Rows", "Settings", "Spelling", "SQLite", "Tracing", "Values",
      ]
    ),
    .executableTarget(
      name: "sluice",
      dependencies: ["CommandLineInterface"],
      swiftSettings: strict
    ),

    room("TestSupport"),
    .target(name: "TestSnapshots", path: "Tests/TestSnapshots", swiftSettings: strict),

    .target(name: "CAllocationCount", path: "Benchmarks/CAllocationCount"),
    benchmark("LiquidBenchmark", ["Liquid", "Bytes", "Values", "JSON", "CAllocationCount"]),
    benchmark("JMESPathBenchmark", ["Bytes", "JMESPath", "JSON", "Values"]),
    benchmark(
      "ComposerBenchmark",
      ["Bytes", "CAllocationCount", "Messages", "Rows", "Settings"]
    ),
    benchmark("LiquidFuzz", ["Liquid", "Bytes", "Values", "JSON"]),

    tests("Bytes"),
    tests("Values"),
    tests("JSON", ["Bytes", "Values"]),
    tests("Transfer", ["TestSupport"]),
    tests("KafkaLogin", ["Settings", "TestSupport"]),
    tests("Kafka", ["Bytes", "CRdKafka", "KafkaLogin", "Settings", "Rows", "TestSupport"]),
    tests("Rows", ["Bytes", "TestSupport"]),
    tests("Reports", ["Settings", "Values"]),
    tests("Messages", ["Bytes", "JSON", "Rows", "Settings", "TestSupport", "Values"]),
    tests("SQLite", ["Bytes", "Rows"]),
    tests("Snapshot", ["Bytes", "Rows", "TestSupport"]),
    tests("Postgres", ["Bytes", "Rows", "TestSupport"]),
    tests(
      "Engine",
      [
        "Bytes", "CSQLite", "Kafka", "KafkaLogin", "Messages", "Reports", "Rows", "Settings",
        "Snapshot", "SQLite", "TestSupport", "Values",
      ]
    ),
    tests("Configuration", ["Settings", "TestSnapshots", "TestSupport"], snapshots: true),
    tests("Arguments", ["TestSnapshots"], snapshots: true),
    tests(
      "CommandLineInterface",
      [
        "Arguments", "Reports", "Settings", "Snapshot", "SQLite", "TestSnapshots", "TestSupport",
        "Values",
      ],
      snapshots: true
    ),
    tests("Liquid", ["Bytes", "Values", "JSON"]),
    tests("JMESPath", ["JSON", "Values"]),
  ]
)
