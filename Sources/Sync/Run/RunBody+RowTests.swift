internal import Reports
internal import Settings

extension RunBody {
  /// Asks whether the rows may be sent, before the first of them is read.
  func judgeRows(_ prepared: PreparedSync) async throws {
    if run.model.gate == nil && run.model.tests.isEmpty { return }
    run.progress.enter(.testing)
    if let gate = run.model.gate {
      try await DbtGate(gate: gate, model: run.model.name).check()
    }
    try await RowTestRun(run: run, shape: prepared.shape).judge()
  }
}
