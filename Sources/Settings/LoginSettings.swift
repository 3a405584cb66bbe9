/// PEM text, or the file it is in.
public enum Material: Sendable, Hashable {
  /// A path.
  case file(String)
  /// The text itself.
  case text(Secret)
}

/// How to reach a cluster and who to be there.
public struct LoginSettings: Sendable, Hashable {
  /// TLS as a client does it.
  public struct TLS: Sendable, Hashable {
    /// Whether certificate and host name are checked; false is for tests.
    public var verify = true
    /// The certificates to trust, one or several; nil for the system's.
    public var authorities: Material?
    /// The client's certificate, followed by its chain; nil for none.
    public var certificate: Material?
    /// The client's private key.
    public var privateKey: Material?
    /// What the private key is encrypted with; nil if it is not.
    public var privateKeyPassword: Secret?

    /// Checks against the system's authorities, without a client certificate.
    public init() {}
  }

  /// The ways of logging in.
  public enum Mechanism: Sendable, Hashable {
    /// User and password as they are.
    case plain(username: String, password: Secret)
    /// User and password, proven without sending the password.
    case scram(ScramHash, username: String, password: Secret)
    /// A token.
    case oauthBearer(TokenSource)
    /// Amazon's IAM: a signed token as MSK takes it.
    case msk(AWSIdentity)
    /// Amazon's IAM, the older mechanism `AWS` of self-hosted brokers.
    case aws(AWSIdentity, authorizationIdentity: String)
  }

  /// Addresses to begin with, `host:port`.
  public var brokers: [String]
  /// TLS; nil speaks in clear.
  public var tls: TLS?
  /// The login; nil for none (or by client certificate).
  public var mechanism: Mechanism?
  /// Bounds each connection until it is logged in.
  public var connectTimeout: Duration = .seconds(30)

  /// Describes a cluster.
  public init(brokers: [String], tls: TLS? = TLS(), mechanism: Mechanism? = nil) {
    self.brokers = brokers
    self.tls = tls
    self.mechanism = mechanism
  }
}

/// The hash of a SCRAM mechanism.
public enum ScramHash: String, Sendable, Hashable, CaseIterable {
  /// SCRAM-SHA-256.
  case sha256 = "SHA256"
  /// SCRAM-SHA-512.
  case sha512 = "SHA512"

  /// The mechanism's name.
  public var mechanism: String { self == .sha256 ? "SCRAM-SHA-256" : "SCRAM-SHA-512" }
}

extension LoginSettings.Mechanism {
  /// The name that SASL knows it by.
  public var name: String {
    switch self {
    case .plain: "PLAIN"
    case .scram(let hash, _, _): hash.mechanism
    case .oauthBearer, .msk: "OAUTHBEARER"
    case .aws: "AWS"
    }
  }
}
