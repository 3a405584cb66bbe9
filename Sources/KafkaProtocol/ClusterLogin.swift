public import Credentials
import Blocking
public import Settings
import Tracing

/// The way into one cluster: settings for librdkafka, tokens, and connections of our own.
///
/// Everything here blocks the calling thread, bounded by ``LoginSettings/connectTimeout``, and may
/// be called from any thread.
public final class ClusterLogin: Sendable {
  /// What the configuration says.
  public let settings: LoginSettings
  let context: TLSContext?
  /// Hears every step; the one of the task that made this login.
  let trace = Trace.current
  private let tokens: TokenKeeper?
  private let failures = FailureNote()
  /// This machine's clock, in seconds since 1970.
  let now: @Sendable () -> Int

  /// Reads certificates and keys; asks nothing of the network.
  ///
  /// Throws if a file cannot be read or does not fit another one.
  public convenience init(_ settings: LoginSettings) throws(LoginError) {
    try self.init(settings) { TokenKeeper.now }
  }

  init(_ settings: LoginSettings, now: @escaping @Sendable () -> Int) throws(LoginError) {
    if case .aws = settings.mechanism, settings.tls == nil {
      throw LoginError(.setting, "the mechanism AWS sends secrets: it needs tls")
    }
    self.settings = settings
    context = try settings.tls.map { tls throws(LoginError) in try TLSContext(tls) }
    self.now = now
    tokens = Self.keeper(settings, trace: trace, now: now)
  }

  /// A token for OAUTHBEARER, fetched when the last one is near its end; nil for other mechanisms.
  ///
  /// Throws if its source gives none.
  public func token() throws(LoginError) -> BearerToken? {
    try LoginError.adopting { () throws(CredentialError) in try tokens?.token() }
  }

  /// A token that was not given out before; nil for other mechanisms.
  ///
  /// Throws if its source gives none.
  public func freshToken() throws(LoginError) -> BearerToken? {
    try LoginError.adopting { () throws(CredentialError) in try tokens?.freshToken() }
  }

  /// Why the last connection of the relay, or the last token, failed; nil while all is well.
  public var lastFailure: LoginError? { failures.last }

  /// Notes why a token could not be had.
  public func note(_ failure: LoginError?) {
    failures.set(failure)
  }

  /// Opens a connection to one broker and logs in.
  func connect(
    to addresses: [Address],
    host: String,
    name: String,
    before deadline: Deadline
  ) throws(LoginError) -> BrokerSession {
    do throws(LoginError) {
      let connection = try Connection.open(addresses, name: name, before: deadline)
      trace("connection", "\(name): connected")
      if let context { try connection.startTLS(context, host: host, before: deadline) }
      if let tls = connection.tls { trace("connection", "\(name): \(tls.version)") }
      let session = BrokerSession(connection, trace)
      try logIn(session, before: deadline)
      trace("connection", "\(name): logged in (\(settings.mechanism?.name ?? "no SASL"))")
      return session
    } catch {
      trace("connection", "\(name): \(error.message)")
      throw error
    }
  }

  /// Logs in on an open connection.
  func logIn(_ session: BrokerSession, before deadline: Deadline) throws(LoginError) {
    guard let credentials = try credentials() else { return }
    do throws(LoginError) {
      try session.logIn(credentials, before: deadline)
    } catch {
      throw explained(error, before: deadline)
    }
  }

  private func credentials() throws(LoginError) -> BrokerSession.Credentials? {
    switch settings.mechanism {
    case nil: return nil
    case .plain(let username, let password):
      return .plain(username: username, password: password.exposed)
    case .scram(let hash, let username, let password):
      return .scram(hash, username: username, password: password.exposed)
    case .oauthBearer, .msk: return try token().map { .bearer($0) }
    case .aws(let identity, let name):
      let chain = AWSCredentialChain(identity: identity)
      let keys = try LoginError.adopting { () throws(CredentialError) in try chain.keys() }
      return .aws(identity: name, keys)
    }
  }

  private static func keeper(
    _ settings: LoginSettings,
    trace: Trace,
    now: @escaping @Sendable () -> Int
  ) -> TokenKeeper? {
    let (timeout, broker) = (settings.connectTimeout, settings.brokers.first ?? "")
    switch settings.mechanism {
    case .oauthBearer(let source):
      return TokenKeeper(trace) { () throws(CredentialError) in try source.fetch(timeout: timeout) }
    case .msk(let identity):
      return TokenKeeper(trace) { () throws(CredentialError) in
        let chain = AWSCredentialChain(identity: identity)
        let region = try chain.region(broker: broker)
        return MSKToken.sign(try chain.keys(), region: region, time: now())
      }
    case nil, .plain, .scram, .aws: return nil
    }
  }
}

extension ClusterLogin {
  /// The first librdkafka whose SCRAM keeps to RFC 5802: 2.6.1.
  private static let scramVersion: Int32 = 0x02_06_01_ff

  /// Whether librdkafka of `version` (`rd_kafka_version()`) needs connections made by Sluice.
  public func needsRelay(version: Int32) -> Bool {
    switch settings.mechanism {
    case .aws: true
    case .scram: version < Self.scramVersion
    case nil, .plain, .oauthBearer, .msk: false
    }
  }

  /// librdkafka's own settings for this login; secrets are among them.
  public func clientSettings(version: Int32) -> [String: String] {
    var client = ["bootstrap.servers": settings.brokers.joined(separator: ",")]
    if needsRelay(version: version) {
      // The relay does TLS and login; what librdkafka sees is a broker in clear.
      client["security.protocol"] = "plaintext"
      return client
    }
    let isEncrypted = settings.tls != nil
    if let tls = settings.tls { Self.add(tls, to: &client) }
    guard let mechanism = settings.mechanism else {
      client["security.protocol"] = isEncrypted ? "ssl" : "plaintext"
      return client
    }
    client["security.protocol"] = isEncrypted ? "sasl_ssl" : "sasl_plaintext"
    client["sasl.mechanism"] = mechanism.name
    switch mechanism {
    case .plain(let username, let password), .scram(_, let username, let password):
      client["sasl.username"] = username
      client["sasl.password"] = password.exposed
    case .oauthBearer, .msk, .aws: break
    }
    return client
  }

  private static func add(_ tls: LoginSettings.TLS, to client: inout [String: String]) {
    client["enable.ssl.certificate.verification"] = tls.verify ? "true" : "false"
    client["ssl.endpoint.identification.algorithm"] = tls.verify ? "https" : "none"
    add(tls.authorities, "ssl.ca", to: &client)
    add(tls.certificate, "ssl.certificate", to: &client)
    add(tls.privateKey, "ssl.key", to: &client)
    if let password = tls.privateKeyPassword { client["ssl.key.password"] = password.exposed }
  }

  private static func add(
    _ material: Material?,
    _ name: String,
    to client: inout [String: String]
  ) {
    switch material {
    case .file(let path): client["\(name).location"] = path
    case .text(let text): client["\(name).pem"] = text.exposed
    case nil: break
    }
  }
}
