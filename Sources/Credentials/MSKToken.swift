import Text
public import Settings

/// The token that Amazon MSK takes: a presigned URL (Signature Version 4), in base64.
public enum MSKToken {
  /// How long a token is valid, in seconds.
  static let lifetime = 900

  /// Signs a token at `time`, in seconds since 1970.
  public static func sign(_ keys: AWSKeys, region: String, time: Int) -> BearerToken {
    let url = presigned(keys, region: region, time: time) + "&User-Agent=sluice"
    return BearerToken(
      token: Secret(Base64.unpaddedURLText(Array(url.utf8))),
      expires: min(time + lifetime, keys.expires ?? .max),
      principal: keys.accessKeyID
    )
  }

  private static func presigned(_ keys: AWSKeys, region: String, time: Int) -> String {
    let instant = timestamp(time)
    let day = String(instant.prefix(8))
    let scope = "\(day)/\(region)/kafka-cluster/aws4_request"
    let host = "kafka.\(region).amazonaws.com"
    var fields = [
      ("Action", "kafka-cluster:Connect"),
      ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
      ("X-Amz-Credential", "\(keys.accessKeyID)/\(scope)"),
      ("X-Amz-Date", instant),
      ("X-Amz-Expires", String(lifetime)),
    ]
    if let token = keys.sessionToken { fields.append(("X-Amz-Security-Token", token.exposed)) }
    fields.append(("X-Amz-SignedHeaders", "host"))
    // In the order of the names, as the signature wants them.
    let query = fields.map { "\($0)=\(PercentEncoding.text($1))" }.joined(separator: "&")
    let empty = Hexadecimal.text(SHA256.digest([]))
    let request = "GET\n/\n\(query)\nhost:\(host)\n\nhost\n\(empty)"
    let digest = Hexadecimal.text(SHA256.digest(Array(request.utf8)))
    let text = "AWS4-HMAC-SHA256\n\(instant)\n\(scope)\n\(digest)"
    var key = Array("AWS4\(keys.secretAccessKey.exposed)".utf8)
    for part in [day, region, "kafka-cluster", "aws4_request", text] {
      key = HMAC.code(Array(part.utf8), key: key, SHA256.digest)
    }
    return "https://\(host)/?\(query)&X-Amz-Signature=\(Hexadecimal.text(key))"
  }

  /// `time` as `2024-05-05 05:55:43 UTC`.
  public static func clock(_ time: Int) -> String {
    let seconds = time % 86_400
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0.padded(to: 2) }
    return "\(CivilDate(days: time / 86_400).text) \(clock.joined(separator: ":")) UTC"
  }

  /// `time` as `20240505T055543Z`.
  private static func timestamp(_ time: Int) -> String {
    let digits = clock(time).filter(\.isNumber)
    return "\(digits.prefix(8))T\(digits.suffix(6))Z"
  }
}
