internal import Settings
internal import Text

/// A notification as a mail (RFC 5322), in plain text.
struct MailMessage {
  private let headers: [(String, String)]
  private let body: String

  init(_ settings: EmailSettings, _ notification: AlertNotification, host: String) {
    let thread = "<\(notification.incident)@\(host)>"
    headers = [
      ("From", settings.sender), ("To", settings.recipients.joined(separator: ", ")),
      ("Subject", Self.encoded(notification.title)), ("Date", Self.date(notification.at)),
      ("Message-ID", "<\(notification.id)@\(host)>"), ("References", thread),
      ("In-Reply-To", thread), ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"),
      ("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "base64"),
    ]
    body = ([notification.headline, ""] + notification.lines).joined(separator: "\n") + "\n"
  }

  /// Headers and body with lines that end in `lineEnd`.
  func bytes(lineEnd: String) -> [UInt8] {
    var text = headers.map { "\($0.0): \($0.1)\(lineEnd)" }.joined() + lineEnd
    var rest = Substring(Base64.text(Array(body.utf8)))
    while !rest.isEmpty {
      text += rest.prefix(76) + lineEnd
      rest = rest.dropFirst(76)
    }
    return Array(text.utf8)
  }

  /// A header's text: as it is if it is short printable ASCII, else in encoded words (RFC 2047).
  private static func encoded(_ text: String) -> String {
    if text.utf8.count <= 900, text.utf8.allSatisfy({ (32...126).contains($0) }) { return text }
    var words: [String] = []
    var part: [UInt8] = []
    for character in text {
      let bytes = Array(String(character).utf8)
      if part.count + bytes.count > 45 {
        words.append("=?utf-8?B?\(Base64.text(part))?=")
        part = []
      }
      part += bytes
    }
    words.append("=?utf-8?B?\(Base64.text(part))?=")
    return words.joined(separator: " ")
  }

  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// A date as mails have it; of microseconds since 1970.
  private static func date(_ microseconds: Int) -> String {
    let seconds = microseconds.dividedDown(by: 1_000_000)
    let days = seconds.dividedDown(by: 86_400)
    let date = CivilDate(days: days)
    let second = seconds - days * 86_400
    // 1970 began on a Thursday.
    let weekday = Self.days[days - days.dividedDown(by: 7) * 7]
    let time = [second / 3600, second / 60 % 60, second % 60].map { $0.padded(to: 2) }
    let month = months[date.month - 1]
    return "\(weekday), \(date.day) \(month) \(date.year) \(time.joined(separator: ":")) +0000"
  }
}
