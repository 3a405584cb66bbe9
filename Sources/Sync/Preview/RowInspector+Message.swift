internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

extension RowInspector {
  func rowsToSend(
    _ finding: Finding,
    line: [UInt8]?,
    stored: StateFile.StoredRow?
  ) -> RowsToSend {
    let (rows, oldRows) = (Page(), Page())
    line?.withUnsafeBytes { rows.append($0) }
    stored?.line.withUnsafeBytes { oldRows.append($0) }
    let item = RowsToSend.Item(
      change: finding.change,
      position: 0,
      line: line == nil ? nil : 0,
      old: stored == nil ? nil : 0
    )
    return RowsToSend(
      token: [UInt8](repeating: 0, count: 16),
      isBackfill: finding.isBackfill,
      items: [item],
      shape: prepared.shapeNumber,
      rows: rows,
      oldRows: oldRows,
      oldShapes: stored.map { [$0.shape] } ?? []
    )
  }

  /// Makes the message; with the state's id its event id is the one that is sent.
  func compose(
    _ rows: RowsToSend,
    finding: Finding,
    stateID: String?,
    report: inout InspectReport
  ) {
    let sink = prepared.run.sink
    let partitions: @Sendable (String) -> Int? = { topic in
      sink.topics.partitions(of: topic) ?? sink.topics.newPartitions
    }
    let isConnected = isConnected
    let preview = MessagePreview(settings: sync[finding.change]) { topic in
      isConnected ? partitions(topic) : nil
    }
    let topics = Topics { topic in
      if !isConnected { return .count(Int(Int32.max)) }
      return partitions(topic).map { $0 > 0 ? .count($0) : .unknown } ?? .unknown
    }
    switch preview.compose(rows, with: composer(stateID: stateID, topics)) {
    case .message(let message, let move, let isMoved):
      report.message = message
      report.move = move
      if isMoved { noteMove(move, &report) }
      if isConnected, sink.topics.partitions(of: message.topic) == nil {
        report.notes.append("the topic '\(message.topic)' would be created")
      }
    case .rejected(let reason): reject(.rejected, reason: reason, report: &report)
    case .unknownTopic(let topic):
      reject(.unknownTopic, reason: "the topic '\(topic)' does not exist", report: &report)
      let assumed = composer(stateID: stateID, MessagePreview.partitionsUnknown())
      if case .message(let message, _, _) = preview.compose(rows, with: assumed) {
        report.message = message
      }
    }
  }

  private func noteMove(_ move: InspectReport.Message?, _ report: inout InspectReport) {
    let what = "its topic, partition or key is another than that of its old values"
    report.notes.append(
      move.map {
        "\(what): after it a null value goes to \($0.topic), "
          + "partition \($0.partition.map(String.init) ?? "?"), key \($0.key ?? "none")"
      }
        ?? "\(what): what stands there stays (`on_move`)"
    )
  }

  /// What would not be sent anyway is not made worse by what is wrong with its message.
  private func reject(
    _ verdict: InspectReport.Verdict,
    reason: String,
    report: inout InspectReport
  ) {
    if report.verdict == .send || report.verdict == .prepared {
      report.verdict = verdict
      report.reason = reason
    } else {
      report.notes.append("its message could not be sent: \(reason)")
    }
  }

  func composer(stateID: String?, _ topics: Topics) -> Composer {
    let shapes = shapes
    return Composer(
      sync: sync,
      model: prepared.run.model,
      stateID: stateID,
      run: prepared.preparation.identity,
      topics: topics,
      shapeOf: { shapes[$0] }
    )
  }

  func showVariables(
    _ finding: Finding,
    line: [UInt8]?,
    stored: StateFile.StoredRow?,
    report: inout InspectReport
  ) {
    let old = stored.flatMap { row in shapes[row.shape].map { (row.line, row.shape, $0) } }
    guard let seen = line.map({ ($0, shape) }) ?? old.map({ ($0.0, $0.2) }) else { return }
    report.variables = RowVariables.values(
      of: seen.0,
      shape: seen.1,
      change: finding.change,
      old: line == nil || finding.isBackfill ? nil : old,
      sync: sync.name,
      model: prepared.run.model.name,
      run: prepared.preparation.identity
    )
  }

  /// A batch that an interrupted run left behind is sent before anything else.
  func lookAtPrepared(_ key: String, _ report: inout InspectReport) async throws {
    var matcher = KeyMatcher(key: key, primaryKey: primaryKey)
    for number in try await state.preparedBatches() {
      let rows = RowsToSend(try await state.batch(number, withPrevious: true))
      for item in rows.items {
        let line = rows.line(of: item)
        guard let shape = shapes[line.shape], matcher.matches(line.bytes, shape) else { continue }
        report.notes.append(
          "after it the next run would do: \(report.verdict.rawValue), "
            + report.reason
        )
        report.verdict = .prepared
        report.reason = "a run that was interrupted wrote this message down: it is sent first"
        report.change = item.change
        var alone = rows
        alone.items = [item]
        let finding = Finding(verdict: .prepared, reason: report.reason, change: item.change)
        return compose(
          alone,
          finding: finding,
          stateID: try await state.identity().id,
          report: &report
        )
      }
    }
  }
}
