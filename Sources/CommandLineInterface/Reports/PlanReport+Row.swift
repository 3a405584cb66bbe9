import Reports

extension PlanReport.Sample {
  /// Why the row would be rejected; nil if it would not.
  var rejection: String? {
    reason.map { "rejected: \($0)\(detail.map { " (\($0))" } ?? "")".printable }
  }
}

extension PlanReport.Message {
  /// Where it would go, as in `→ topic[1] key 7`; an open partition is `?`.
  var place: String {
    let key = key.map { " key \($0)" } ?? ""
    return "→ \(topic)[\(partition.map(String.init) ?? "?")]\(key)".printable
  }

  /// The size of its value.
  var size: String { valueBytes.map { "\($0.grouped) bytes" } ?? "tombstone" }
}
