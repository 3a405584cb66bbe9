import Blocking
import CCurl

/// Sole owner of one `CURL *`, and what every exchange sets on it.
final class CurlHandle {
  let pointer: UnsafeMutableRawPointer

  /// Makes a handle; `context` says in an error what it is for.
  init(context: String) throws(TransferError) {
    LibCurl.start()
    guard let pointer = curl_easy_init() else {
      throw TransferError(code: .other, message: "libcurl does not start", context: context)
    }
    self.pointer = pointer
  }

  deinit {
    curl_easy_cleanup(pointer)
  }

  /// Sets where to go by which `protocols`, and when to give up: after a day at most.
  func setUp(url: String, protocols: String, timeout: Duration) {
    sluice_curl_set_text(pointer, CURLOPT_URL, url)
    sluice_curl_set_text(pointer, CURLOPT_PROTOCOLS_STR, protocols)
    sluice_curl_set_long(pointer, CURLOPT_NOSIGNAL, 1)
    // 0 would be no limit.
    let milliseconds = max(Int(min(timeout, .seconds(86_400)).milliseconds), 1)
    sluice_curl_set_long(pointer, CURLOPT_TIMEOUT_MS, milliseconds)
  }

  /// The status of the last answer, 0 without one.
  var status: Int {
    var status = 0
    sluice_curl_status(pointer, &status)
    return status
  }
}

/// libcurl itself, which has to be started once a process.
private enum LibCurl {
  private static let code = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  static func start() { _ = code }
}
