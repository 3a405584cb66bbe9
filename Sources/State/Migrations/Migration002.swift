extension Migration {
  /// What a transaction leaves out, so that a commit of unknown outcome can be settled later.
  static let transactions = Migration(
    sql: """
      -- 4 bytes a change that the transaction leaves out; NULL for none. `anchor` is the topic of
      -- the offset that was to be committed with it, where that is a new one.
      ALTER TABLE batch ADD COLUMN undelivered BLOB;
      """
  )
}
