import Blocking
import COpenSSL
import Glibc

/// Sole owner of one `SSL *` over a non-blocking socket that somebody else owns.
final class TLSSession {
  private let pointer: OpaquePointer
  private let socket: Int32
  private let host: String
  private let verifies: Bool

  init(_ context: TLSContext, socket: Int32, host: String) throws(LoginError) {
    guard let pointer = SSL_new(context.pointer) else {
      throw LoginError(.tls, "OpenSSL does not start")
    }
    self.pointer = pointer
    self.socket = socket
    self.host = host
    verifies = context.verifies
    SSL_set_fd(pointer, socket)
    let parameters = SSL_get0_param(pointer)
    if X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1 {
      ERR_clear_error()
      X509_VERIFY_PARAM_set1_host(parameters, host, 0)
      _ = sluice_ssl_set_host_name(pointer, host)
    }
  }

  deinit {
    SSL_free(pointer)
  }

  /// The other side's certificate, once there is one.
  var certificate: CertificateDescription? {
    guard let certificate = SSL_get1_peer_certificate(pointer) else { return nil }
    defer { X509_free(certificate) }
    return CertificateDescription(certificate)
  }

  /// The version agreed on.
  var version: String { String(cString: SSL_get_version(pointer)) }

  func shakeHands(before deadline: Deadline) throws(LoginError) {
    while true {
      ERR_clear_error()
      let code = SSL_connect(pointer)
      if code == 1 { break }
      switch SSL_get_error(pointer, code) {
      case SSL_ERROR_WANT_READ:
        try Connection.wait(socket, event: POLLIN, name: "", deadline: deadline)
      case SSL_ERROR_WANT_WRITE:
        try Connection.wait(socket, event: POLLOUT, name: "", deadline: deadline)
      case SSL_ERROR_SSL: throw Self.failure(ERR_get_error())
      default: throw Self.noTLS
      }
    }
    guard verifies else { return }
    let result = SSL_get_verify_result(pointer)
    guard result == Int(X509_V_OK), let certificate else { throw refusal(result) }
    _ = certificate
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LoginError) -> Connection.Progress {
    ERR_clear_error()
    var count = 0
    let code = SSL_read_ex(pointer, buffer.baseAddress, buffer.count, &count)
    return code == 1 ? .bytes(count) : try progress(code)
  }

  func write(_ buffer: UnsafeRawBufferPointer) throws(LoginError) -> Connection.Progress {
    guard buffer.count > 0 else { return .bytes(0) }
    ERR_clear_error()
    var count = 0
    let code = SSL_write_ex(pointer, buffer.baseAddress, buffer.count, &count)
    return code == 1 ? .bytes(count) : try progress(code)
  }

  private func progress(_ code: Int32) throws(LoginError) -> Connection.Progress {
    switch SSL_get_error(pointer, code) {
    case SSL_ERROR_WANT_READ: return .wantsToRead
    case SSL_ERROR_WANT_WRITE: return .wantsToWrite
    case SSL_ERROR_ZERO_RETURN, SSL_ERROR_SYSCALL: return .ended
    default:
      let code = ERR_get_error()
      // Java brokers end connections without the farewell that TLS asks for.
      if sluice_err_reason(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING { return .ended }
      throw Self.failure(code)
    }
  }

  private static let noTLS = LoginError(
    .notTLS,
    "the connection was closed at the first bytes of TLS",
    hint: "is this a listener without TLS? then say `tls: false`, or use its TLS port"
  )

  private static func failure(_ code: UInt) -> LoginError {
    let text = ERR_reason_error_string(code).map { String(cString: $0) } ?? "unknown"
    switch sluice_err_reason(code) {
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_UNEXPECTED_MESSAGE, SSL_R_PACKET_LENGTH_TOO_LONG,
      SSL_R_HTTP_REQUEST:
      return LoginError(
        .notTLS,
        "the other side does not speak TLS (\(text))",
        hint: noTLS.hint
      )
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: return noTLS
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
      SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
      SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
      SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      return LoginError(
        .clientCertificate,
        "the broker refuses this client's certificate, or wants one (\(text))",
        hint: "set `certificate` and `private_key`, signed by an authority that the broker trusts"
      )
    default: return LoginError(.tls, "TLS failed: \(text)")
    }
  }

  private func refusal(_ result: Int) -> LoginError {
    let reason = String(cString: X509_verify_cert_error_string(result))
    let shown = certificate.map { " (\($0))" } ?? ""
    return LoginError(
      .certificate,
      "the broker's certificate is refused: \(reason)\(shown)",
      hint: advice(result)
    )
  }

  private func advice(_ result: Int) -> String {
    switch Int32(truncatingIfNeeded: result) {
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      let names = certificate?.names.joined(separator: ", ") ?? "?"
      return "it is for \(names), not for \(host): use such a name in `brokers` "
        + "(and in the brokers' advertised listeners)"
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "renew it on the broker; or is this machine's clock wrong?"
    case X509_V_ERR_CERT_NOT_YET_VALID: return "is this machine's clock wrong?"
    default: return "set `ca` to the certificate of the authority that signed it"
    }
  }
}
