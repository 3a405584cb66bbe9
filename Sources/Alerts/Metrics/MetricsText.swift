/// Figures in Prometheus' text format, version 0.0.4: pure.
enum MetricsText {
  /// The text of `families`, with `labels` before the labels of each sample.
  static func text(
    _ families: [MetricFamily],
    labels: [(name: String, value: String)]
  ) -> String {
    families.map { family in
      let head = "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n"
      return head
        + family.samples.map { sample in
          let all = labels + [("sync", sample.sync)] + sample.labels
          let list = all.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
          return "\(family.name){\(list)} \(sample.amount.text)\n"
        }.joined()
    }.joined()
  }

  /// The value of a label: backslash, quote and line break have escapes.
  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

extension MetricFamily.Amount {
  /// Its digits; seconds have three after the point.
  var text: String {
    switch self {
    case .count(let count): return String(count)
    case .seconds(let microseconds):
      let milliseconds = max(microseconds, 0) / 1000
      let fraction = String(milliseconds % 1000)
      let zeros = String(repeating: "0", count: 3 - fraction.count)
      return "\(milliseconds / 1000).\(zeros)\(fraction)"
    }
  }
}
