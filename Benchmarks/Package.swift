// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that neither the product nor its tests compile it. What it measures are
// the rooms of Sluice, by the path above.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

func benchmark(_ name: String, _ others: [Target.Dependency] = []) -> Target {
  .executableTarget(
    name: name,
    dependencies: [.product(name: "Rooms", package: "sluice")] + others,
    path: name,
    swiftSettings: strict
  )
}

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "sluice", path: "..")],
  targets: [
    .target(name: "CAllocationCount", path: "CAllocationCount"),
    benchmark("LiquidBenchmark", ["CAllocationCount"]),
    benchmark("JMESPathBenchmark"),
    benchmark("ComposerBenchmark", ["CAllocationCount"]),
    benchmark("DiffBenchmark", ["CAllocationCount"]),
    benchmark("LiquidFuzz"),
  ]
)
