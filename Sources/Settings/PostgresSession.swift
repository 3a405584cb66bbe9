/// What Sluice decides of a session of Postgres, so that `session:` cannot.
///
/// The one list of it: the reader of a project refuses these settings, and the driver makes them.
public enum PostgresSession {
  /// Settings that make values the same in every run, by name.
  public static let fixed: [(name: String, value: String)] = [
    ("TimeZone", "UTC"), ("DateStyle", "ISO"), ("IntervalStyle", "iso_8601"),
    ("bytea_output", "hex"), ("extra_float_digits", "3"), ("lc_monetary", "C"),
    ("quote_all_identifiers", "off"), ("xmlbinary", "base64"), ("synchronize_seqscans", "off"),
    ("standard_conforming_strings", "on"),
  ]

  /// The setting that the driver decides by what the server's encoding is.
  public static let encoding = "client_encoding"

  /// Settings of the one read-only transaction that the query runs in.
  public static let transaction: Set<String> = [
    "transaction_read_only", "transaction_isolation", "transaction_deferrable",
    "default_transaction_read_only", "default_transaction_isolation",
    "default_transaction_deferrable", "session_authorization",
  ]

  /// Why the user cannot set `name`, in any case of letters; nil if the user can.
  public static func reason(against name: String) -> String? {
    let name = name.lowercased()
    if name == encoding || fixed.contains(where: { $0.name.lowercased() == name }) {
      return "Sluice fixes it, so that values are the same in every run"
    }
    if transaction.contains(name) {
      return "the query runs in one read-only transaction of one snapshot"
    }
    return nil
  }
}
