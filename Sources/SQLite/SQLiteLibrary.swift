internal import CSQLite

/// The SQLite library.
public enum SQLiteLibrary {
  /// The version that this process uses, as in `3.40.1`.
  public static var version: String { String(cString: sqlite3_libversion()) }
}
