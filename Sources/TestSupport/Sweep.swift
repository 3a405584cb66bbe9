import Foundation

/// Points of a sweep: a fault is put at one after the other, and each time all must come right.
///
/// Some of them are tried, spread evenly, and all if the environment says `SLUICE_SWEEPS=all`.
public enum Sweep {
  /// Whether every point is tried, and every case of tests with random ones.
  public static let isWhole = ProcessInfo.processInfo.environment["SLUICE_SWEEPS"] == "all"

  /// The points from 1 to `last` that are tried: every `step`-th, unless all are.
  public static func points(upTo last: Int, every step: Int) -> StrideThrough<Int> {
    stride(from: 1, through: last, by: isWhole ? 1 : step)
  }
}
