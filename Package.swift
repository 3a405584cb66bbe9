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

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.target(name: name)] + dependencies,
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
    library("CZstd", "libzstd", apt: "libzstd-dev", brew: "zstd"),

    room("Blocking"),
    room("Settings"),
    room("Bytes"),
    room("Rows", ["Bytes"]),
    room("Values"),
    room("JSON", ["Bytes", "Values"]),
    room("Liquid", ["Bytes", "Values", "JSON"]),

    .target(name: "CAllocationCount", path: "Benchmarks/CAllocationCount"),
    benchmark("LiquidBenchmark", ["Liquid", "Bytes", "Values", "JSON", "CAllocationCount"]),
    benchmark("LiquidFuzz", ["Liquid", "Bytes", "Values", "JSON"]),

    tests("Bytes"),
    tests("Values"),
    tests("JSON", ["Bytes", "Values"]),
    tests("Liquid", ["Bytes", "Values", "JSON"]),
  ]
)
