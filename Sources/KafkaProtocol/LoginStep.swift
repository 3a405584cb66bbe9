/// One step on the way into a cluster, as `check --connect` shows it.
public struct LoginStep: Sendable, Hashable {
  /// The steps, in their order.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The host's name has an address.
    case nameResolution
    /// A TCP connection.
    case connection
    /// TLS, with a certificate that is trusted.
    case tls
    /// The login.
    case login
    /// What the broker says of its cluster.
    case cluster
    /// The address that a broker advertises can be reached.
    case advertised
  }

  /// Which step.
  public var kind: Kind
  /// The broker, `host:port`.
  public var broker: String
  /// What was found, or nil.
  public var detail: String?
  /// Why it failed; nil when it did not.
  public var failure: LoginError?
  /// The certificate that the broker showed (step `tls`).
  public var certificate: CertificateDescription?
}

/// All steps that were tried.
public struct LoginReport: Sendable, Hashable {
  /// The steps, broker by broker; the last one of a broker is the one that failed, if one did.
  public var steps: [LoginStep] = []
  /// What the cluster says of itself, when a broker could be asked.
  public var cluster: Cluster?
  /// Whether every step worked.
  public var isSuccess: Bool { cluster != nil && failure == nil }
  /// Why the first step that failed did; nil when none did.
  public var failure: LoginError? { steps.lazy.compactMap(\.failure).first }
}
