import Credentials
import CRdKafka
import Glibc
import KafkaProtocol
import Settings
import Tracing

/// What librdkafka calls back for: sockets of the relay, and tokens.
///
/// It must live as long as the client it is installed in.
final class LoginCallbacks: Sendable {
  let login: ClusterLogin
  private let relay: Relay?
  /// librdkafka's settings for this login.
  let settings: [String: String]
  private let trace = Trace.current

  init(_ login: ClusterLogin) {
    let version = rd_kafka_version()
    self.login = login
    settings = login.clientSettings(version: version)
    relay = login.needsRelay(version: version) ? Relay(login) : nil
  }

  /// Whether the client fetches tokens through ``LoginCallbacks``.
  var givesTokens: Bool { settings["sasl.mechanism"] == "OAUTHBEARER" }

  func install(in configuration: borrowing ConfigurationHandle) {
    let pointer = configuration.pointer
    rd_kafka_conf_set_opaque(pointer, Unmanaged.passUnretained(self).toOpaque())
    if trace.isOn { installTrace(pointer) }
    if relay != nil { installRelay(pointer) }
    guard givesTokens else { return }
    // On a thread of librdkafka's own, so that no token waits for somebody to poll.
    rd_kafka_conf_enable_sasl_queue(pointer, 1)
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(pointer) { client, _, opaque in
      guard let client, let callbacks = LoginCallbacks.of(opaque) else { return }
      callbacks.refresh(client)
    }
  }

  /// Starts giving tokens to `client`.
  func start(_ client: OpaquePointer) throws(KafkaError) {
    guard givesTokens else { return }
    guard let error = rd_kafka_sasl_background_callbacks_enable(client) else { return }
    throw KafkaError(consuming: error, context: "login")
  }

  /// Hears what librdkafka logs, on whatever thread of it.
  private func installTrace(_ configuration: OpaquePointer) {
    rd_kafka_conf_set_log_cb(configuration) { client, _, facility, text in
      guard let client, let callbacks = LoginCallbacks.of(rd_kafka_opaque(client)) else { return }
      let words = [facility, text].compactMap { $0.map { String(cString: $0) } }
      callbacks.trace("librdkafka", words.joined(separator: ": "))
    }
  }

  private func installRelay(_ configuration: OpaquePointer) {
    rd_kafka_conf_set_socket_cb(configuration) { _, _, _, opaque in
      LoginCallbacks.of(opaque)?.relay?.openSocket() ?? -1
    }
    rd_kafka_conf_set_connect_cb(configuration) { socket, address, count, broker, opaque in
      guard let relay = LoginCallbacks.of(opaque)?.relay, let address, let broker else {
        return EINVAL
      }
      let bytes = UnsafeRawBufferPointer(start: address, count: Int(count))
      return relay.connect(socket, to: bytes, broker: String(cString: broker))
    }
  }

  private func refresh(_ client: OpaquePointer) {
    do throws(LoginError) {
      guard let token = try login.freshToken() else { return }
      if let reason = Self.give(token, to: client) { throw LoginError(.token, reason) }
      login.note(nil)
    } catch {
      login.note(error)
      // librdkafka asks again after ten seconds.
      _ = rd_kafka_oauthbearer_set_token_failure(client, error.description)
    }
  }

  /// Hands a token to librdkafka; says why when it refuses it.
  private static func give(_ token: BearerToken, to client: OpaquePointer) -> String? {
    var text = CText()
    let pairs = token.extensions.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    let words: [UnsafeMutablePointer<CChar>?] = pairs.map { strdup($0) }
    defer { for word in words { free(word) } }
    var extensions = words.map { $0.map { UnsafePointer($0) } }
    let code = rd_kafka_oauthbearer_set_token(
      client,
      token.token.exposed,
      Int64(token.expires) * 1000,
      token.principal,
      &extensions,
      extensions.count,
      &text.bytes,
      text.bytes.count
    )
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : text.string
  }

  private static func of(_ opaque: UnsafeMutableRawPointer?) -> LoginCallbacks? {
    opaque.map { Unmanaged<LoginCallbacks>.fromOpaque($0).takeUnretainedValue() }
  }
}

extension KafkaError {
  /// Takes over what the login found out about a failed connection.
  init(_ failure: LoginError) {
    let code: Code =
      switch failure.code {
      case .setting: .setting
      case .nameResolution, .connection, .closed, .protocolViolation: .unreachable
      case .timedOut: .timedOut
      case .notTLS, .wantsTLS, .certificate, .clientCertificate, .tls: .tls
      case .mechanism, .credentials, .server, .token: .authentication
      }
    self.init(
      code: code,
      message: failure.message,
      context: failure.context,
      hint: failure.hint,
      isRetriable: failure.isRetriable
    )
  }
}
