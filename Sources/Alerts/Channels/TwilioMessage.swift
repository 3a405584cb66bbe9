internal import Settings
internal import Text
internal import Transfer

/// A notification as a text message that Twilio sends to one number.
struct TwilioMessage {
  private let settings: SMSSettings
  private let recipient: String
  private let text: String

  /// Most characters of a message: Twilio takes 1,600, and each 160 cost one message.
  private static let lengthMax = 480

  init(_ settings: SMSSettings, to recipient: String, _ notification: AlertNotification) {
    self.settings = settings
    self.recipient = recipient
    text = String(notification.text.prefix(Self.lengthMax))
  }

  /// The request to the service at `base`.
  func request(_ base: String) -> HTTPRequest {
    let account = PercentEncoding.text(settings.account)
    let form = [("From", settings.sender), ("To", recipient), ("Body", text)]
      .map { "\($0.0)=\(PercentEncoding.text($0.1))" }.joined(separator: "&")
    let login = Base64.text(Array("\(settings.account):\(settings.token.exposed)".utf8))
    return HTTPRequest(
      "POST",
      url: "\(base)/2010-04-01/Accounts/\(account)/Messages.json",
      headers: [
        ("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", "Basic \(login)"),
      ],
      body: Array(form.utf8)
    )
  }
}
