import Sync
import Reports
import Settings
import Values

extension ExitCode {
  /// The code with which a run of one sync ends.
  init(_ outcome: RunReport.Outcome) {
    self =
      switch outcome {
      case .done, .skipped: .done
      case .doneWithProblems: .rejected
      case .stoppedByGuard: .stoppedByGuard
      case .failed, .interrupted: .failed
      case .misconfigured: .configuration
      case .alreadyRunning: .alreadyRunning
      }
  }
}

extension RunReport {
  /// How long it took.
  var duration: Duration { .microseconds(finishedAt - startedAt) }

  /// What became of the run, for people.
  var sentence: String {
    let end =
      switch outcome {
      case .done, .doneWithProblems: "done"
      case .stoppedByGuard: "stopped"
      case .failed, .misconfigured: "failed"
      case .interrupted: "interrupted"
      case .alreadyRunning, .skipped: "not started"
      }
    let isUnsent = outcome == .stoppedByGuard && counts.sent == 0
    let told = [
      "\(end) in \(duration.spoken): \(counts.sentence(reads: command != "apply"))",
      isUnsent ? "none sent" : nil,
      problems.sentence(of: sync),
    ]
    return told.compactMap(\.self).joined(separator: "; ")
  }

  /// What became of the run, for programs that read logs.
  var fields: [(name: String, value: Value)] {
    [("run", .string(runID)), ("outcome", .string(outcome.rawValue))]
      + counts.named.map { ($0.name, .integer($0.count)) }
  }
}

extension RunCounts {
  /// What was counted, as people say it: what is nought is left out.
  ///
  /// Without what was read unless it `reads` a source.
  func sentence(reads: Bool) -> String {
    var parts = (reads ? ["\(read.grouped) rows read"] : []) + [changes]
    if sent > 0 { parts.append("\(sent.grouped) messages sent") }
    if moved > 0 { parts.append("\(moved.grouped) moved") }
    let troubles = [
      (resent, "of them again"), (invalid, "invalid"), (rejected, "rejected"), (failed, "failed"),
      (ignoredPartitions, "without a usable partition"),
    ]
    parts += troubles.filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
    return parts.joined(separator: "; ")
  }

  /// What differs from the snapshot, or that a result was taken in without a message.
  private var changes: String {
    if remembered > 0 { return "\(remembered.grouped) remembered, none sent" }
    let changes = [(added, "added"), (changed, "changed"), (removed, "removed")]
      .filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
    return changes.isEmpty ? "nothing changed" : changes.joined(separator: ", ")
  }
}

extension Int {
  /// With thin groups of three digits, as in `1,234,567`.
  var grouped: String {
    var result = ""
    let digits = String(magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return self < 0 ? "-" + result : result
  }
}
