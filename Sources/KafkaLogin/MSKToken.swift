import Settings

/// The token that Amazon MSK takes: a presigned URL (Signature Version 4), in base64.
enum MSKToken {
  /// How long a token is valid, in seconds.
  static let lifetime = 900

  /// Signs a token at `time`, in seconds since 1970.
  static func sign(_ keys: AWSKeys, region: String, time: Int) -> BearerToken {
    let url = presigned(keys, region: region, time: time) + "&User-Agent=sluice"
    return BearerToken(
      token: Secret(Encodings.base64URL(Array(url.utf8))),
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
    let query = fields.map { "\($0)=\(Encodings.percent($1))" }.joined(separator: "&")
    let empty = Encodings.hexadecimal(Cryptography.hash("SHA256", []))
    let request = "GET\n/\n\(query)\nhost:\(host)\n\nhost\n\(empty)"
    let digest = Encodings.hexadecimal(Cryptography.hash("SHA256", Array(request.utf8)))
    let text = "AWS4-HMAC-SHA256\n\(instant)\n\(scope)\n\(digest)"
    var key = Array("AWS4\(keys.secretAccessKey.exposed)".utf8)
    for part in [day, region, "kafka-cluster", "aws4_request", text] {
      key = Cryptography.hmac("SHA256", key: key, Array(part.utf8))
    }
    return "https://\(host)/?\(query)&X-Amz-Signature=\(Encodings.hexadecimal(key))"
  }

  /// `time` as `2024-05-05 05:55:43 UTC`.
  static func clock(_ time: Int) -> String {
    let (year, month, day) = civil(time / 86_400)
    let seconds = time % 86_400
    let date = [padded(year, 4), padded(month, 2), padded(day, 2)].joined(separator: "-")
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return "\(date) \(clock.joined(separator: ":")) UTC"
  }

  /// `time` as `20240505T055543Z`.
  private static func timestamp(_ time: Int) -> String {
    let (days, seconds) = (time / 86_400, time % 86_400)
    let (year, month, day) = civil(days)
    let date = padded(year, 4) + padded(month, 2) + padded(day, 2)
    let clock = padded(seconds / 3600, 2) + padded(seconds / 60 % 60, 2) + padded(seconds % 60, 2)
    return "\(date)T\(clock)Z"
  }

  /// The date `days` after 1 January 1970, by 400-year eras that begin in March.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
}
