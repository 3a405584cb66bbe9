import Reports
import Settings

extension RunRecord {
  /// All that is known of the run, a line each.
  var lines: [String] {
    var lines = ["\(sync) \(id)", "  command: \(command)", "  outcome: \(end)"]
    lines.append("  started: \(TimeText.local(Int64(startedAt / 1000)))")
    if let finishedAt {
      let took = Duration.microseconds(finishedAt - startedAt).spoken
      lines.append("  ended: \(TimeText.local(Int64(finishedAt / 1000))), after \(took)")
    }
    if let error { lines.append("  error: \(error.message)".printable) }
    if let counts {
      let width = counts.named.map(\.name.count).max() ?? 0
      lines.append("  counts:")
      lines += counts.named.filter { $0.count > 0 || $0.name == "read" }.map { name, count in
        "    \(name)\(String(repeating: " ", count: width - name.count))  \(count.grouped)"
      }
    }
    if !problems.isEmpty { lines += ["  not delivered:"] + problems.allLines.map { "    \($0)" } }
    return lines
  }
}
