import Blocking

/// HTTP over libcurl: one request, one answer, no redirects, no state.
public enum HTTPClient {
  /// Sends `request` on a thread of its own.
  ///
  /// Throws if no answer comes within the request's timeout.
  public static func send(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
    try await onThread { () throws(TransferError) in try perform(request) }
  }

  /// Sends `request` and blocks the calling thread, at most as long as the request's timeout.
  ///
  /// Throws if no answer comes.
  public static func perform(_ request: HTTPRequest) throws(TransferError) -> HTTPResponse {
    try HTTPExchange(request).perform()
  }
}
