/// Which keys of a source or destination say where it is or who asks, and so are shown even where
/// their value comes from a variable.
enum ConnectionKeys {
  /// Keys of a source or destination itself.
  static let arePublic: Set<String> = [
    "type", "path", "immutable", "identity", "host", "hostaddr", "port", "dbname", "user",
    "passfile", "service", "application_name", "connect_timeout", "sslmode", "sslrootcert",
    "sslcert", "sslcrl", "sslcrldir", "target_session_attrs", "load_balance_hosts", "require_auth",
    "channel_binding", "gssencmode", "sslnegotiation", "brokers", "client_id", "tls", "ca",
    "certificate", "timeouts", "create_topics",
  ]

  /// Keys below those, as in `sasl: {username: …}`.
  static let nestedArePublic: Set<String> = [
    "mechanism", "username", "region", "profile", "scope", "ca", "authorization_identity",
  ]

  /// Keys of alerts and metrics, at any depth, that say who is told and when.
  static let alertsArePublic: Set<String> = [
    "type", "min", "provider", "from", "to", "on", "severity", "channels", "syncs", "tags",
    "mute_until", "above", "below", "after", "factor", "textfile",
  ]

  /// Keys of alerts whose value is an address that is itself the secret.
  static let alertURLs: Set<String> = ["url", "webhook", "smtp", "pushgateway"]

  /// Keys of alerts whose value is a secret, though no word in their name says so.
  static let alertSecrets: Set<String> = [
    "url", "webhook", "smtp", "routing_key", "headers", "pushgateway",
  ]
}
