/// Durations as users write them: `500ms`, `30s`, `5min` or `5m`, `2h`, `1d`.
public enum DurationText {
  /// The duration that `text` says; nil when it says none, or one longer than a clock can hold.
  public static func parse(_ text: String) -> Duration? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let count = Int64(digits), let unit = milliseconds[text.dropFirst(digits.count)] else {
      return nil
    }
    let (product, overflows) = count.multipliedReportingOverflow(by: unit)
    return overflows ? nil : .milliseconds(product)
  }

  /// A duration in the largest unit that gives a whole number.
  public static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let total = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    for (unit, size) in units where total % size == 0 && total != 0 {
      return "\(total / size)\(unit)"
    }
    return "\(total)ms"
  }

  /// A regular expression of what can be a duration.
  public static var form: String { "[0-9]+(\(milliseconds.keys.sorted().joined(separator: "|")))" }

  private static let units: [(Substring, Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1),
  ]
  private static let milliseconds = Dictionary(
    units + [("m", 60_000)],
    uniquingKeysWith: { first, _ in first }
  )
}

extension Duration {
  /// As people say it: `0.8 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
  public var spoken: String {
    let (seconds, attoseconds) = components
    if seconds < 10 {
      let tenths = seconds * 10 + attoseconds / 100_000_000_000_000_000
      return "\(tenths / 10).\(tenths % 10) s"
    }
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    if seconds < 172_800 { return "\(seconds / 3600) h \(seconds % 3600 / 60) min" }
    return "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
  }
}
