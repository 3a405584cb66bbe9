import Reports

extension [ProblemGroup] {
  /// The most frequent reason why rows are invalid or rejected, how many rows it has, the first of
  /// them, and what shows them all; nil if there are none.
  func sentence(of sync: String) -> String? {
    let groups = filter { $0.kind != .failed }
    guard let top = groups.first else { return nil }
    let lead = groups.count > 1 ? "most often: " : ""
    let first = top.first.map { ", first row \($0)" } ?? ""
    return "\(lead)\(top.reason) (\(top.kind.rawValue) \(top.count)\(first)): "
      + "`sluice errors \(sync)`"
  }

  /// The reasons, a line each, the most frequent first; after the first ten one that counts the rest.
  var lines: [String] {
    let shown = prefix(10).map(\.line)
    let rest = count - shown.count
    return rest > 0 ? shown + ["and \(rest.grouped) more reasons"] : shown
  }
}

extension [ProblemGroup] {
  /// All reasons, a line each, the most frequent first.
  var allLines: [String] { map(\.line) }
}

extension ProblemGroup {
  /// The reason, with how many rows there are and the first of them.
  var line: String {
    let first = first.map { ", first row \($0)" } ?? ""
    return "\(kind.rawValue): \(count)\(first): \(reason)".printable
  }

  /// How many rows there are, as people say it.
  var count: String { rows == 1 ? "1 row" : "\(rows.grouped) rows" }
}
