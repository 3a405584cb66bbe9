internal import SQLite

/// SQLite files that Sluice makes for a user.
public enum SQLiteFile {
  /// Runs statements in the file at `path`, which exists, in one transaction.
  ///
  /// Throws what SQLite says; the file then holds nothing of them.
  public static func fill(_ path: String, with sql: String) throws {
    let connection = try SQLiteConnection(path: path, mode: .readWrite)
    try connection.execute("BEGIN;\n\(sql)\nCOMMIT;")
  }
}
