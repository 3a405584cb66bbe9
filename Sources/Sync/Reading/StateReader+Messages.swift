internal import Settings
internal import State

public import Reports

/// Which messages of a sync are asked for.
public struct MessageFilter: Sendable {
  /// Only those with this key, or of the row with this primary key as text.
  public var key: String?
  /// Only those to this topic.
  public var topic: String?
  /// Identity of the run; the last one that sent or rejected something if nil.
  public var run: String?
  /// At most so many, the last ones.
  public var limit: Int
  /// Whether headers and values are asked for.
  public var showsValues: Bool

  /// Asks for messages.
  public init(
    key: String? = nil,
    topic: String? = nil,
    run: String? = nil,
    limit: Int = 100,
    showsValues: Bool = false
  ) {
    self.key = key
    self.topic = topic
    self.run = run
    self.limit = limit
    self.showsValues = showsValues
  }

  fileprivate func accepts(_ message: MessageRecord) -> Bool {
    let isKey = key.map { message.row == $0 || message.keyText == $0 } ?? true
    return isKey && (topic.map { message.topic == $0 } ?? true)
  }

  /// What was not sent has no topic.
  fileprivate func accepts(_ problem: Problem) -> Bool {
    problem.kind != .invalid && topic == nil && (key.map { problem.key == $0 } ?? true)
  }
}

extension StateReader {
  /// The messages that `filter` asks for; without a run if none has sent any.
  ///
  /// Throws an error of configuration if the state does not know the run.
  public func messages(_ filter: MessageFilter) async throws(RunError) -> MessagesReport {
    do {
      let state = try await open()
      var report = MessagesReport()
      report.sync = location.sync
      report.showsValues = filter.showsValues
      guard let run = try await find(filter.run, state) else { return report }
      report.run = run
      let kept = try await state.messages(run: run.number)
      let problems = try await state.problems(run: run.number)
      let entries =
        kept.filter(filter.accepts).map(MessageReport.sent)
        + problems.filter(filter.accepts).map { .unsent(Self.row($0, [:])) }
      report.kept = kept.count
      report.matching = entries.count
      report.messages = entries.suffix(filter.limit)
      return report
    } catch {
      throw unreadable(error)
    }
  }

  private func find(_ id: String?, _ state: StateFile) async throws -> RunRecord? {
    let runs = try await history(of: state, limit: Int(Int32.max))
    guard let id else {
      let number = try await state.lastRunWithMessages()
      return runs.first { $0.number == number }
    }
    if let run = runs.first(where: { $0.id == id }) { return run }
    throw RunError(
      .configuration,
      "unknown run '\(id)'",
      kind: .unknownName,
      hint: "'sluice runs \(location.sync) --output json' lists the runs"
    )
  }
}
