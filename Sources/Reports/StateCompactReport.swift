public import Values

/// A state that was compacted.
public struct StateCompactReport: SyncReport {
  /// Name of the sync.
  public var sync: String
  /// Size of the file before, in bytes; nil if it could not be compacted.
  public var bytesBefore: Int?
  /// Size of the file afterwards, in bytes.
  public var bytes: Int?
  /// Rows of the snapshot.
  public var rows: Int?
  /// Rows that nothing refers to and that are still there.
  public var deadRows: Int?
  /// Why it could not be compacted.
  public var error: RunError?

  /// Names a sync.
  public init(sync: String) {
    self.sync = sync
  }

  /// The entry of the list `syncs`.
  public var json: Value {
    .object([
      ("sync", .string(sync)), ("bytes_before", .optional(bytesBefore)),
      ("bytes", .optional(bytes)), ("rows", .optional(rows)),
      ("dead_rows", .optional(deadRows)), ("error", error?.json ?? .null),
    ])
  }
}
