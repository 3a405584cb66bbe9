public import Settings

/// A token and how long it lasts.
public struct BearerToken: Sendable, Hashable {
  /// The token.
  public var token: Secret
  /// When it ends, in seconds since 1970.
  public var expires: Int
  /// Who it is for, as far as known; only for logs.
  public var principal: String
  /// SASL extensions.
  public var extensions: [String: String] = [:]

  /// Describes a token without extensions.
  public init(token: Secret, expires: Int, principal: String) {
    self.token = token
    self.expires = expires
    self.principal = principal
  }
}
