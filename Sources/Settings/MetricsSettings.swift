/// Where figures for Prometheus go.
public struct MetricsSettings: Sendable {
  /// A file that the node exporter reads, by its absolute path; nil for none.
  public var textfile: String?
  /// The address of a Pushgateway; nil for none.
  public var pushgateway: Secret?

  /// Creates settings.
  public init(textfile: String? = nil, pushgateway: Secret? = nil) {
    self.textfile = textfile
    self.pushgateway = pushgateway
  }
}
