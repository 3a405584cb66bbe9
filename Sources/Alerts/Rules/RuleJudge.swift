internal import Reports
internal import Settings

/// Judges one run of a sync by the conditions of rules: pure, so that its test is a table.
struct RuleJudge: Sendable {
  /// The sync.
  let subject: AlertSubject
  /// What became of the run.
  let run: RunReport
  /// Complete runs before it, the latest first.
  let earlier: [RunRecord]

  /// Fewer runs have no usual number.
  static let medianRunsMin = 5
  /// Runs that a median is taken of.
  static let medianRunsMax = 20

  /// What `condition` says; nothing of staleness, which no run has to end for.
  func verdict(_ condition: AlertRule.Condition) -> AlertVerdict {
    switch condition {
    case .failed: failed
    case .guarded: guarded
    case .rejected(let amount): rejected(above: amount)
    case .stale: .unknown
    case .unusual(let factor): unusual(factor)
    case .duration(let length): duration(above: length)
    case .rows(let percent): rows(below: percent)
    }
  }

  /// Whether it went through all rows, so that its numbers can be compared.
  private var isComplete: Bool { run.outcome.isComplete }

  /// Whether its numbers are those of an ordinary run: a backfill sends every row.
  private var isOrdinary: Bool { isComplete && run.command == "run" }

  // MARK: - The end of the run

  private var failed: AlertVerdict {
    switch run.outcome {
    case .done, .doneWithProblems, .stoppedByGuard: return .fine
    case .interrupted, .alreadyRunning, .skipped: return .unknown
    case .failed, .misconfigured: break
    }
    let isMisconfigured = run.outcome == .misconfigured
    let system = place(of: run.error?.cause)
    let counts = run.counts
    let sent = counts.sent > 0 ? "\(counts.sent) messages were sent before" : nil
    return .firing(
      AlertFinding(
        system: system ?? subject.ownSystem,
        code: run.error?.kind?.code ?? (isMisconfigured ? "configuration" : "failed"),
        summary: isMisconfigured ? "cannot run: its configuration is wrong" : "failed",
        details: [run.error.map(Self.shown), sent].compactMap(\.self),
        command: isMisconfigured ? "sluice check" : "sluice runs \(subject.name)"
      )
    )
  }

  private func place(of cause: RunError.Cause?) -> String? {
    switch cause {
    case nil: nil
    case .source: subject.sourceSystem
    case .destination: subject.destinationSystem
    case .state: "the folder of the states"
    }
  }

  private var guarded: AlertVerdict {
    let hits = run.error?.guards ?? []
    if hits.isEmpty { return isComplete ? .fine : .unknown }
    return .firing(
      AlertFinding(
        system: subject.sourceSystem,
        code: hits.map(\.name.kind.code).sorted().joined(separator: "+"),
        summary: "was stopped by \(hits.map(\.name.rawValue).joined(separator: ", "))",
        details: hits.map { hit in
          "\(hit.finding) (bound: \(hit.setting ?? "the default"), \(hit.bound) rows)"
        },
        command: "sluice plan \(subject.name)"
      )
    )
  }

  // MARK: - Numbers

  private func rejected(above amount: AlertRule.Amount) -> AlertVerdict {
    guard isComplete else { return .unknown }
    let counts = run.counts
    let bad = counts.rejected + counts.invalid
    let (isFiring, bound) =
      switch amount {
      case .rows(let rows): (bad > rows, "\(rows)")
      case .percent(let percent):
        (Double(bad) * 100 > percent * Double(max(counts.read, 1)), "\(Self.text(percent))%")
      }
    if !isFiring { return .fine }
    let most = run.problems.first { $0.kind != .failed }
    return .firing(
      AlertFinding(
        system: subject.ownSystem,
        code: "rejected",
        summary: "has \(bad) rows of \(counts.read) that were not delivered",
        details: [
          "\(counts.rejected) rejected, \(counts.invalid) invalid; the rule allows \(bound)",
          most.map { "most often: \(ValueFree.text($0.reason)) (\($0.rows) rows)" },
        ].compactMap(\.self),
        command: "sluice errors \(subject.name)"
      )
    )
  }

  private func unusual(_ factor: Double) -> AlertVerdict {
    guard isOrdinary else { return .unknown }
    guard let median = median(\.changes) else { return .unknown }
    // A sync that hardly ever changes is not told of for its second row.
    let usual = max(median, 1)
    let changes = run.counts.changes
    if Double(changes) <= factor * usual { return .fine }
    let counts = run.counts
    return .firing(
      AlertFinding(
        system: subject.ownSystem,
        code: "unusual",
        summary: "has \(changes) changes, usual are \(Self.text(median))",
        details: ["\(counts.added) added, \(counts.changed) changed, \(counts.removed) removed"],
        command: "sluice runs \(subject.name)"
      )
    )
  }

  private func duration(above length: AlertRule.Length) -> AlertVerdict {
    guard isOrdinary else { return .unknown }
    let taken = Self.seconds(run.startedAt, run.finishedAt)
    let bound: Double
    switch length {
    case .time(let time): bound = time / .seconds(1)
    case .median(let factor):
      let times = usual.map { Self.seconds($0.startedAt, $0.finishedAt ?? $0.startedAt) }
      guard let median = Self.median(times) else { return .unknown }
      // The clock says little of what takes less than a second.
      bound = factor * max(median, 1)
    }
    if taken <= bound { return .fine }
    return .firing(
      AlertFinding(
        system: subject.ownSystem,
        code: "duration",
        summary: "took \(Duration.seconds(taken).spoken)",
        details: ["the rule allows \(Duration.seconds(bound).spoken)"],
        command: "sluice runs \(subject.name)"
      )
    )
  }

  private func rows(below percent: Double) -> AlertVerdict {
    guard isOrdinary else { return .unknown }
    guard let before = usual.first?.counts?.read else { return .unknown }
    let read = run.counts.read
    if Double(read) * 100 >= percent * Double(before) { return .fine }
    return .firing(
      AlertFinding(
        system: subject.ownSystem,
        code: "rows",
        summary: "read \(read) rows, the run before \(before)",
        details: ["the rule wants at least \(Self.text(percent))% of them"],
        command: "sluice runs \(subject.name)"
      )
    )
  }

  // MARK: - What is usual

  private var usual: [RunRecord] { earlier.filter { $0.command == "run" && $0.isComplete } }

  private func median(_ value: (RunCounts) -> Int) -> Double? {
    Self.median(usual.prefix(Self.medianRunsMax).compactMap(\.counts).map { Double(value($0)) })
  }

  /// The middle of `values`; nil if they are too few.
  static func median(_ values: [Double]) -> Double? {
    let values = values.prefix(medianRunsMax).sorted()
    guard values.count >= medianRunsMin else { return nil }
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }

  private static func seconds(_ start: Int, _ end: Int) -> Double {
    Double(end - start) / 1_000_000
  }

  /// A number without a fraction that says nothing.
  static func text(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  /// How a run ended in a few lines, without values of rows.
  static func lines(of run: RunReport) -> [String] {
    let counts = run.counts
    let numbers =
      "\(run.sync): \(run.outcome.rawValue); \(counts.read) rows read, \(counts.added) added, "
      + "\(counts.changed) changed, \(counts.removed) removed, \(counts.sent) messages sent, "
      + "\(counts.rejected) rejected, \(counts.invalid) invalid"
    guard let error = run.error else { return [numbers] }
    return error.all.map { "\(run.sync): \(shown($0))" } + [numbers]
  }

  /// An error as an alert tells it: guards without the keys they found.
  private static func shown(_ error: RunError) -> String {
    let place = error.location.map { "\($0): " } ?? ""
    return place + error.withoutValues.message
  }
}

extension RunCounts {
  /// Rows that differ from the snapshot in any way.
  fileprivate var changes: Int { added + changed + removed }
}
