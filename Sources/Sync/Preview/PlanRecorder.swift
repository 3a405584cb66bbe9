internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State
internal import Synchronization

/// Keeps what a plan shows of the batches that pass: the first changes of each kind, and notes.
final class PlanRecorder: Sendable {
  /// What was found.
  struct Findings: Sendable {
    var samples: [PlanReport.Sample] = []
    var notes: [String] = []
    /// Batches of an earlier run that would be sent first.
    var preparedBatches = 0
    fileprivate var sampled: [Change: Int] = [:]

    /// How many samples of `change` there are.
    func count(_ change: Change) -> Int { sampled[change, default: 0] }
  }

  /// Where the copy of the state is made.
  let scratchPath: String
  /// What is gathered for the file of the plan; nil if it is not pinned.
  let pins: PlanPins?
  private let samplesMax: Int
  private let state = Mutex((findings: Findings(), sampler: PlanSampler?.none))

  init(scratchPath: String, samplesMax: Int, pins: PlanPins?) {
    self.scratchPath = scratchPath
    self.pins = pins
    self.samplesMax = samplesMax
  }

  /// What was found until now.
  var findings: Findings { state.withLock { $0.findings } }

  func note(_ text: String) { state.withLock { $0.findings.notes.append(text) } }

  func note(preparedBatches count: Int) {
    state.withLock { $0.findings.preparedBatches = count }
  }

  /// Whether a sample of a changed row is still to be taken, which shows its old values.
  var wantsPrevious: Bool { findings.count(.changed) < samplesMax }

  /// Whether samples of changes that are counted in `counts` are still to be taken.
  func wantsMore(of counts: Diff.Counts) -> Bool {
    let findings = findings
    let found = [
      (Change.added, counts.added), (.changed, counts.changed), (.removed, counts.removed),
    ]
    return found.contains { change, count in
      findings.count(change) < min(count, samplesMax)
    }
  }

  /// Begins to take samples, which `sampler` describes.
  func sample(with sampler: PlanSampler) { state.withLock { $0.sampler = sampler } }

  /// Takes samples of rows that a scan found, and of what became of them.
  func take(_ rows: RowsToSend, composition: Composition, envelope: Envelope) {
    state.withLock { state in
      guard let sampler = state.sampler else { return }
      var items: [RowsToSend.Item] = []
      for change in Change.allCases {
        let rest = samplesMax - state.findings.count(change)
        if rest <= 0 { continue }
        let found = rows.items.lazy.filter { $0.change == change }.prefix(rest)
        let countBefore = items.count
        items += found
        state.findings.sampled[change, default: 0] += items.count - countBefore
      }
      if items.isEmpty { return }
      items.sort { $0.position < $1.position }
      state.findings.samples += sampler.samples(
        of: items,
        rows: rows,
        composition: composition,
        in: envelope
      )
    }
  }
}
