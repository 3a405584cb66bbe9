import Blocking
import CCurl

/// One mail for one SMTP server.
public struct MailRequest: Sendable {
  /// Name or address of the server.
  public var host: String
  /// Its port.
  public var port: Int
  /// Whether TLS begins with the first byte; else STARTTLS has to be offered, and is used.
  public var isImplicitTLS: Bool
  /// Who logs in, with which password; nil for no login.
  public var login: (user: String, password: String)?
  /// The address that sends.
  public var sender: String
  /// The addresses that receive.
  public var recipients: [String]
  /// Headers and body, with lines that end in CR LF.
  public var message: [UInt8]
  /// A file of certificates to trust instead of the system's.
  public var authorityFile: String?
  /// The whole exchange ends after this time.
  public var timeout: Duration

  /// Describes a mail.
  public init(
    host: String,
    port: Int,
    isImplicitTLS: Bool,
    login: (user: String, password: String)? = nil,
    sender: String,
    recipients: [String],
    message: [UInt8],
    authorityFile: String? = nil,
    timeout: Duration = .seconds(30)
  ) {
    self.host = host
    self.port = port
    self.isImplicitTLS = isImplicitTLS
    self.login = login
    self.sender = sender
    self.recipients = recipients
    self.message = message
    self.authorityFile = authorityFile
    self.timeout = timeout
  }
}

/// SMTP over libcurl: one mail, always over TLS.
public enum MailClient {
  /// Sends `mail` on a thread of its own.
  ///
  /// Throws if the server does not take it for every recipient; then none has it.
  public static func send(_ mail: MailRequest) async throws(TransferError) {
    try await onThread { () throws(TransferError) in try MailExchange(mail).perform() }
  }
}

/// One mail, and what its handle points to while it is sent.
private final class MailExchange {
  private let curl: CurlHandle
  private let mail: MailRequest
  private var recipients: UnsafeMutablePointer<curl_slist>?
  private var position = 0

  init(_ mail: MailRequest) throws(TransferError) {
    curl = try CurlHandle(context: mail.host)
    self.mail = mail
  }

  private var handle: UnsafeMutableRawPointer { curl.pointer }

  deinit {
    curl_slist_free_all(recipients)
  }

  func perform() throws(TransferError) {
    setUp()
    sluice_curl_set_pointer(
      handle,
      CURLOPT_READDATA,
      Unmanaged.passUnretained(self).toOpaque()
    )
    sluice_curl_set_read(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let exchange = Unmanaged<MailExchange>.fromOpaque(context).takeUnretainedValue()
      return exchange.fill(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
    }
    let code = curl_easy_perform(handle)
    guard code == CURLE_OK else { throw failure(code) }
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let part = mail.message[position...].prefix(buffer.count)
    buffer.copyBytes(from: part)
    position += part.count
    return part.count
  }

  private func setUp() {
    let scheme = mail.isImplicitTLS ? "smtps" : "smtp"
    let host = mail.host.contains(":") ? "[\(mail.host)]" : mail.host
    curl.setUp(
      url: "\(scheme)://\(host):\(mail.port)",
      protocols: "smtp,smtps",
      timeout: mail.timeout
    )
    // Without TLS nothing is sent: neither the password nor the mail.
    sluice_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
    if let file = mail.authorityFile { sluice_curl_set_text(handle, CURLOPT_CAINFO, file) }
    if let login = mail.login {
      sluice_curl_set_text(handle, CURLOPT_USERNAME, login.user)
      sluice_curl_set_text(handle, CURLOPT_PASSWORD, login.password)
    }
    sluice_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(mail.sender)>")
    for recipient in mail.recipients {
      recipients = curl_slist_append(recipients, "<\(recipient)>")
    }
    sluice_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
    sluice_curl_set_long(handle, CURLOPT_UPLOAD, 1)
    sluice_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(mail.message.count))
  }

  private func failure(_ code: CURLcode) -> TransferError {
    let status = curl.status
    let kind: TransferError.Code =
      code == CURLE_USE_SSL_FAILED ? .tls : TransferError.Code(code)
    let answer = status >= 400 ? " (the server answered \(status))" : ""
    return TransferError(
      code: kind,
      message: String(cString: curl_easy_strerror(code)) + answer,
      context: "\(mail.host):\(mail.port)"
    )
  }
}
