/// Who to be at Amazon, as far as the configuration says; the rest is looked for.
public struct AWSIdentity: Sendable, Hashable {
  /// The region; nil asks the environment, the profile and the broker's name.
  public var region: String?
  /// The keys; nil looks for them where the AWS tools do.
  public var keys: AWSKeys?
  /// The profile of the shared credentials file; nil for AWS_PROFILE or `default`.
  public var profile: String?
  /// The variables that the AWS tools look at, of the process and of `.env`; among them secrets.
  public var environment: [String: Secret] = [:]

  /// Describes an identity.
  public init(region: String? = nil, keys: AWSKeys? = nil, profile: String? = nil) {
    self.region = region
    self.keys = keys
    self.profile = profile
  }
}

/// Keys of Amazon's IAM.
public struct AWSKeys: Sendable, Hashable {
  /// The access key id.
  public var accessKeyID: String
  /// The secret access key.
  public var secretAccessKey: Secret
  /// The session token of temporary keys; nil for lasting ones.
  public var sessionToken: Secret?
  /// When they end, in seconds since 1970; nil for never.
  public var expires: Int?

  /// Describes keys.
  public init(
    accessKeyID: String,
    secretAccessKey: Secret,
    sessionToken: Secret? = nil,
    expires: Int? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expires = expires
  }
}
