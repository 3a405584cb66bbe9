/// Where an OAUTHBEARER token comes from.
public enum TokenSource: Sendable, Hashable {
  /// A token as it is.
  case fixed(Secret)
  /// What a command prints: the token, or JSON `{"access_token": …, "expires_in": …}`.
  ///
  /// It does not inherit the variables called `hiding`, whose values are secrets of the project.
  case command(String, hiding: Set<String> = [])
  /// OIDC client credentials (RFC 6749 section 4.4).
  case clientCredentials(ClientCredentials)

  /// A client of a token endpoint.
  public struct ClientCredentials: Sendable, Hashable {
    /// The URL that gives tokens.
    public var endpoint: String
    /// The client.
    public var clientID: String
    /// Its secret.
    public var clientSecret: Secret
    /// The scope to ask for; nil for none.
    public var scope: String?
    /// SASL extensions to send with the token.
    public var extensions: [String: String]
    /// Certificates to trust at the endpoint; nil for the system's.
    public var authorities: Material?

    /// Describes a client.
    public init(
      endpoint: String,
      clientID: String,
      clientSecret: Secret,
      scope: String? = nil,
      extensions: [String: String] = [:],
      authorities: Material? = nil
    ) {
      self.endpoint = endpoint
      self.clientID = clientID
      self.clientSecret = clientSecret
      self.scope = scope
      self.extensions = extensions
      self.authorities = authorities
    }
  }
}
