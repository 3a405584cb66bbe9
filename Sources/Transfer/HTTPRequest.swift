/// One HTTP request.
public struct HTTPRequest: Sendable {
  /// The method, in capitals.
  public var method: String
  /// An `http` or `https` URL.
  public var url: String
  /// Header names with their values.
  public var headers: [(name: String, value: String)]
  /// The body; nil for none.
  public var body: [UInt8]?
  /// A file of certificates to trust instead of the system's.
  public var authorityFile: String?
  /// Certificates to trust instead of the system's, as PEM text.
  public var authorityText: String?
  /// The whole exchange ends after this time.
  public var timeout: Duration
  /// A larger body of the answer is an error.
  public var responseBytesMax: Int
  /// Whether proxies of the environment are used; metadata endpoints are asked directly.
  public var usesProxy: Bool

  /// Describes a request.
  public init(
    _ method: String = "GET",
    url: String,
    headers: [(name: String, value: String)] = [],
    body: [UInt8]? = nil,
    authorityFile: String? = nil,
    authorityText: String? = nil,
    timeout: Duration = .seconds(30),
    responseBytesMax: Int = 1 << 20,
    usesProxy: Bool = true
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.authorityFile = authorityFile
    self.authorityText = authorityText
    self.timeout = timeout
    self.responseBytesMax = responseBytesMax
    self.usesProxy = usesProxy
  }
}

/// The answer to an ``HTTPRequest``.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int
  /// The body.
  public var body: [UInt8]
  /// The server's clock (header `Date`), in seconds since 1970; nil if it does not tell.
  public var date: Int?
  /// Whether the status is one of success.
  public var isSuccess: Bool { (200..<300).contains(status) }
  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }
}
