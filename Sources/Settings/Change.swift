/// What happened to a row between two results.
public enum Change: String, Sendable, Hashable, CaseIterable {
  /// Its key was not in the snapshot.
  case added
  /// A column that counts differs.
  case changed
  /// Its key is in the snapshot and not in the result.
  case removed
}
