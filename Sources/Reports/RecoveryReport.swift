public import Values

/// What `recover` changed for one sync.
public struct RecoveryReport: SyncReport {
  /// What the user knows and Sluice cannot.
  public enum Answer: String, Sendable, Hashable, CaseIterable {
    /// What was written down and not acknowledged has arrived.
    case sent
    /// It has not arrived.
    case notSent = "not_sent"
    /// Cluster, topics, database and offset are right as they are now.
    case adopt
  }

  /// Name of the sync.
  public var sync: String
  /// The answer.
  public var answer: Answer
  /// How many batches waited to be sent; nil if nothing was changed.
  public var batches: Int?
  /// Why nothing was changed.
  public var error: RunError?

  /// Reports what `answer` changed.
  public init(sync: String, answer: Answer, batches: Int? = nil, error: RunError? = nil) {
    self.sync = sync
    self.answer = answer
    self.batches = batches
    self.error = error
  }

  /// The entry of the document's list `syncs`.
  public var json: Value {
    .object([
      ("sync", .string(sync)), ("answer", .string(answer.rawValue)),
      ("batches", .optional(batches)), ("error", error?.json ?? .null),
    ])
  }
}

/// What `reset` changed for one sync.
public struct ResetReport: SyncReport {
  /// Name of the sync.
  public var sync: String
  /// Whether there was a state to forget; nil if nothing was changed.
  public var isForgotten: Bool?
  /// Why nothing was changed.
  public var error: RunError?

  /// Reports what was forgotten.
  public init(sync: String, isForgotten: Bool? = nil, error: RunError? = nil) {
    self.sync = sync
    self.isForgotten = isForgotten
    self.error = error
  }

  /// The entry of the document's list `syncs`.
  public var json: Value {
    .object([
      ("sync", .string(sync)), ("forgotten", .optional(isForgotten)),
      ("error", error?.json ?? .null),
    ])
  }
}
