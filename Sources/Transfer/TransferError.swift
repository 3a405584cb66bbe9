import CCurl

/// Why an exchange over HTTP or SMTP did not take place.
public struct TransferError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: String, Hashable, Sendable {
    /// The URL cannot be used.
    case url
    /// Name resolution or TCP failed.
    case unreachable
    /// TLS failed or the certificate was refused.
    case tls
    /// No complete answer in time.
    case timedOut
    /// The answer is larger than allowed.
    case tooLarge
    /// Anything else that libcurl reports.
    case other
  }

  /// The kind of failure.
  public var code: Code
  /// What libcurl said; never holds header values or bodies.
  public var message: String
  /// Scheme, host and path of the URL, without user, password and query; of mail host and port.
  public var context: String
  /// Whether the same exchange may succeed later.
  public var isRetriable: Bool { code == .unreachable || code == .timedOut }
  /// Context and message in one line.
  public var description: String { "\(context): \(message)" }
}

extension TransferError.Code {
  /// What a code of libcurl means.
  init(_ code: CURLcode) {
    self =
      switch code {
      case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .url
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
        CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
        .unreachable
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
        CURLE_SSL_CERTPROBLEM:
        .tls
      case CURLE_OPERATION_TIMEDOUT: .timedOut
      default: .other
      }
  }
}
