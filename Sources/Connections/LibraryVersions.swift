import Kafka
import KafkaProtocol
import Postgres
import SQLite

/// The libraries that connections rest on.
public enum LibraryVersions {
  /// Name and version of each, as this process uses it.
  public static var all: [(name: String, version: String)] {
    [
      ("libpq", PostgresLibrary.version), ("SQLite", SQLiteLibrary.version),
      ("librdkafka", KafkaLibrary.version), ("OpenSSL", TLSLibrary.version),
    ]
  }
}
