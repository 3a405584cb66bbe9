internal import Blocking
internal import Reports
internal import Settings
internal import Text
internal import Transfer

/// A notification for an HTTP endpoint, signed as standardwebhooks.com has it.
struct WebhookMessage {
  private let id: String
  private let timestamp: Int
  private let body: [UInt8]

  /// The message; `time` in seconds since 1970 is when it is sent, by default now.
  init(_ notification: AlertNotification, time: Int = WallClock.microseconds() / 1_000_000) {
    id = notification.id
    timestamp = time
    body = Array(notification.json.jsonText.utf8)
  }

  /// The request to `url`; with `secret` it has the three headers of a signed one.
  func request(
    _ url: Secret,
    secret: Secret?,
    headers: [(name: String, value: Secret)]
  ) -> HTTPRequest {
    var all = [
      (name: "Content-Type", value: "application/json"), (name: "webhook-id", value: id),
      (name: "webhook-timestamp", value: "\(timestamp)"),
    ]
    if let secret { all.append((name: "webhook-signature", value: signature(secret))) }
    all += headers.map { (name: $0.name, value: $0.value.exposed) }
    return HTTPRequest("POST", url: url.exposed, headers: all, body: body)
  }

  private func signature(_ secret: Secret) -> String {
    let signed = Array("\(id).\(timestamp).".utf8) + body
    return "v1," + Base64.text(HMAC.code(signed, key: Self.key(secret), SHA256.digest))
  }

  /// The bytes of a secret: `whsec_` and base64, or its text.
  private static func key(_ secret: Secret) -> [UInt8] {
    let text = secret.exposed
    let prefix = "whsec_"
    guard text.hasPrefix(prefix), let key = Base64.bytes(of: Array(text.dropFirst(6).utf8)) else {
      return Array(text.utf8)
    }
    return key
  }
}
