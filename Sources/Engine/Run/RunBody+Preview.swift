internal import Kafka
internal import KafkaLogin
internal import Messages
internal import Reports
internal import Settings
internal import Snapshot

/// What stops a run before it reads, asked by `run` and `plan` alike.
extension RunBody {
  /// Stops if a topic that is the same for every row does not exist, whether rows changed or not.
  func checkFixedTopics() async throws {
    guard sync.unknownTopic == .fail, run.sink.newTopicPartitions == nil,
      run.options.command != .resetToCurrent
    else { return }
    for change in Change.allCases where sync[change].isSelected {
      guard let topic = sync[change].topic.value.constantText, run.sink.partitions(of: topic) == nil
      else { continue }
      // It may have been made since the listing: brokers tell each other with a delay.
      try await run.sink.refreshTopics()
      if run.sink.partitions(of: topic) != nil { continue }
      throw RunError(
        .failed,
        "destination \(run.sink.name) has no topic '\(topic)', which every row that is "
          + "\(change.rawValue) goes to",
        hint: "create the topic, or set `create_topics` at the destination"
      )
    }
  }

  /// Stops if a run could not know what became of an earlier one's transactions; ends none itself.
  ///
  /// Returns how many prepared batches turn out to be committed.
  func checkTransactions() async throws -> Int {
    let mark = try await state.transactionMark()
    let prepared = try await state.preparedMarks()
    guard sync.delivery == .exactlyOnce || mark.isHeld else { return 0 }
    guard let sink = run.sink as? any TransactionalSink else { throw noTransactions }
    // Nothing was ever sent: there is nothing to ask for.
    if !mark.isHeld && prepared.isEmpty { return 0 }
    if try await state.value(.adoptsTransactions) != nil { return 0 }
    let id = TransactionSession.id(ofState: try await state.identity().id)
    let offsets: [CommittedOffset]
    do throws(KafkaError) {
      offsets = try await sink.committedOffsets(of: id)
    } catch {
      throw await sink.explain(error)
    }
    let verdict = TransactionVerdict(offsets: offsets, mark: mark, prepared: prepared) { topic in
      sink.partitions(of: topic) != nil
    }
    switch verdict {
    case .held, .nothingCommitted: return 0
    case .committed(let last): return prepared.count { $0.number <= last.number }
    case .forgotten:
      if prepared.isEmpty { return 0 }
      throw RunError.forgotten(prepared.count, group: id, sync: sync.name)
    case .foreign(let offset): throw RunError.foreign(offset, mark, sync: sync.name)
    }
  }

  /// The destination cannot deliver exactly once.
  var noTransactions: RunError {
    RunError(
      .configuration,
      "destination \(run.sink.name) has no transactions, and `delivery` is exactly_once"
    )
  }
}

extension ValueForm {
  /// The text that it is for every row; nil if rows decide.
  var constantText: String? {
    switch self {
    case .text(let text), .literal(.string(let text)): text
    case .literal(.null), .literal(.boolean), .literal(.number), .literal(.json), .column,
      .template,
      .templateFile, .jmespath, .variable, .primaryKey, .eventID:
      nil
    }
  }
}

extension RunError {
  /// The cluster lacks a topic that the row with the key `key` asks for.
  static func missingTopic(
    _ topic: String,
    of destination: String,
    key: String,
    rows: Int
  ) -> RunError {
    RunError(
      .failed,
      "destination \(destination) has no topic '\(topic)', which row \(key) asks for: "
        + "\(rows) rows of its batch were not sent",
      hint: "create the topic, or set `unknown_topic: reject` to continue without such rows"
    )
  }
}
