import CCurl

/// One request, and what its handle points to while it works.
final class HTTPExchange {
  private let curl: CurlHandle
  private let request: HTTPRequest
  private var headers: UnsafeMutablePointer<curl_slist>?
  private var received: [UInt8] = []
  private var isTooLarge = false

  init(_ request: HTTPRequest) throws(TransferError) {
    curl = try CurlHandle(context: request.url)
    self.request = request
  }

  private var handle: UnsafeMutableRawPointer { curl.pointer }

  deinit {
    curl_slist_free_all(headers)
  }

  func perform() throws(TransferError) -> HTTPResponse {
    setUp()
    sluice_curl_set_pointer(
      handle,
      CURLOPT_WRITEDATA,
      Unmanaged.passUnretained(self).toOpaque()
    )
    sluice_curl_set_write(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let exchange = Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
      return exchange.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    let body = request.body ?? []
    let code = body.withUnsafeBytes { bytes in
      if request.body != nil {
        sluice_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        let text = bytes.assumingMemoryBound(to: CChar.self).baseAddress
        if let text, !bytes.isEmpty {
          sluice_curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, text)
        } else {
          sluice_curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, "")
        }
      }
      return curl_easy_perform(handle)
    }
    guard code == CURLE_OK else { throw failure(code) }
    return HTTPResponse(status: curl.status, body: received, date: date)
  }

  private var date: Int? {
    var header: UnsafeMutablePointer<curl_header>?
    let origin = UInt32(CURLH_HEADER)
    guard curl_easy_header(handle, "date", 0, origin, -1, &header) == CURLHE_OK,
      let text = header?.pointee.value
    else { return nil }
    let seconds = curl_getdate(text, nil)
    return seconds < 0 ? nil : Int(seconds)
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard received.count + bytes.count <= request.responseBytesMax else {
      isTooLarge = true
      return 0
    }
    received.append(contentsOf: bytes)
    return bytes.count
  }

  private func setUp() {
    curl.setUp(url: request.url, protocols: "http,https", timeout: request.timeout)
    sluice_curl_set_text(handle, CURLOPT_USERAGENT, "sluice")
    sluice_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method)
    if !request.usesProxy { sluice_curl_set_text(handle, CURLOPT_NOPROXY, "*") }
    if let file = request.authorityFile { sluice_curl_set_text(handle, CURLOPT_CAINFO, file) }
    if let text = request.authorityText {
      let bytes = Array(text.utf8)
      sluice_curl_set_blob(handle, CURLOPT_CAINFO_BLOB, bytes, bytes.count)
    }
    // No `Expect: 100-continue`, which costs a second with some servers.
    headers = curl_slist_append(headers, "Expect:")
    for (name, value) in request.headers where !(name + value).utf8.contains(where: isControl) {
      // "Name;" is how libcurl spells a header without a value.
      headers = curl_slist_append(headers, value.isEmpty ? "\(name);" : "\(name): \(value)")
    }
    sluice_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
  }

  private func isControl(_ byte: UInt8) -> Bool { byte < 32 && byte != 9 || byte == 127 }

  private func failure(_ code: CURLcode) -> TransferError {
    if isTooLarge {
      let message = "the answer is larger than \(request.responseBytesMax) bytes"
      return TransferError(code: .tooLarge, message: message, context: place)
    }
    let message = String(cString: curl_easy_strerror(code))
    return TransferError(code: TransferError.Code(code), message: message, context: place)
  }

  /// The URL without what may be secret in it.
  private var place: String {
    let bare = request.url.prefix { $0 != "?" && $0 != "#" }
    guard let scheme = bare.firstRange(of: "://") else { return String(bare.prefix(100)) }
    let rest = bare[scheme.upperBound...]
    let host = rest.prefix { $0 != "/" }
    guard let user = host.lastIndex(of: "@") else { return String(bare) }
    return String(bare[..<scheme.upperBound]) + String(rest[rest.index(after: user)...])
  }
}
