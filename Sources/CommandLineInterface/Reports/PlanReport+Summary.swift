import Reports
import Settings

extension PlanReport {
  /// What a run would do, as in `3 to add, 1 to change, 0 to remove; 4 messages`.
  var summary: String {
    if isFailed { return "failed" }
    if let error, error.guards.isEmpty, counts.read == 0 {
      return "\(stop) before the first row was read; nothing would be sent"
    }
    let start = error == nil ? "" : stop + ": "
    let troubles = [(counts.rejected, "rejected"), (counts.invalid, "invalid")]
      .filter { $0.0 > 0 }.map { "; \($0.0.grouped) \($0.1)" }.joined()
    return "\(start)\(changes); \(sent)\(troubles)"
  }

  /// What was read, before the changes are listed.
  var heading: String {
    if isFailed { return "failed" }
    let earlier =
      preparedBatches > 0 ? "; first \(preparedBatches) batches of an earlier run" : ""
    return counts.read.rows + " read" + earlier
  }

  /// Whether it ended before it had found anything.
  var isFailed: Bool {
    error.map { $0.code != .stoppedByGuard } ?? false && counts.read == 0
      && Change.allCases.allSatisfy { count($0) == 0 }
  }

  /// How many samples of `change` are shown less than there are rows.
  func rest(of change: Change) -> Int {
    count(change) - samples.count { $0.change == change }
  }

  private var changes: String {
    if counts.remembered > 0 { return "\(counts.remembered.grouped) to remember" }
    return Change.allCases.map { "\(count($0).grouped) \($0.intention)" }.joined(separator: ", ")
  }

  private var sent: String {
    if error != nil { return "nothing would be sent" }
    return messages == 0 ? "nothing to send" : messages.messages
  }

  private var stop: String {
    let guards = error?.guards ?? []
    if guards.isEmpty { return "stopped" }
    return "stopped by " + guards.map(\.name.rawValue).joined(separator: ", ")
  }

  /// The tests on rows, a line for each that failed, and how many passed.
  var testLines: [String] {
    let failed = tests.filter(\.isFailed)
    let passed = tests.count - failed.count
    let sum = passed == 1 ? "1 test on the rows passed" : "\(passed) tests on the rows passed"
    return failed.map { "\($0.severity.rawValue): \($0.text)".printable }
      + (passed > 0 ? [sum] : [])
  }
}

extension [PlanReport] {
  /// What runs of all syncs would do, in one line; nil for fewer than two.
  var summary: String? {
    if count < 2 { return nil }
    func sum(_ number: (PlanReport) -> Int) -> Int { reduce(0) { $0 + number($1) } }
    let changes = Change.allCases.map { change in
      "\(sum { $0.count(change) }.grouped) \(change.intention)"
    }
    let unsound = sum { $0.error == nil ? 0 : 1 }
    let end = unsound > 0 ? "; \(unsound) of \(count) stopped or failed" : ""
    return "\(count) syncs: \(changes.joined(separator: ", ")); \(sum(\.messages).messages)\(end)"
  }
}

extension Change {
  /// What a plan calls it.
  var intention: String {
    switch self {
    case .added: "to add"
    case .changed: "to change"
    case .removed: "to remove"
    }
  }

  /// The sign of a plan.
  var sign: String {
    switch self {
    case .added: "+"
    case .changed: "~"
    case .removed: "-"
    }
  }

  /// The colour of its sign: an ANSI code.
  var colour: String {
    switch self {
    case .added: "32"
    case .changed: "33"
    case .removed: "31"
    }
  }
}

extension Int {
  /// As many messages, as people say it.
  var messages: String { self == 1 ? "1 message" : "\(grouped) messages" }

  /// As many rows, as people say it.
  var rows: String { self == 1 ? "1 row" : "\(grouped) rows" }
}
