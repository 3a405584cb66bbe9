internal import Blocking
internal import Reports
internal import Settings
internal import Tracing
internal import Transfer
internal import Values

/// Sends one notification by one channel.
struct AlertSender: Sendable {
  /// Where services are, and how long they may take; a test brings its own.
  struct Services: Sendable {
    var pagerDuty = "https://events.pagerduty.com/v2/enqueue"
    var twilio = "https://api.twilio.com"
    /// A file of certificates to trust instead of the system's.
    var authorityFile: String?
    /// Longest time of one request.
    var timeout = Duration.seconds(10)
    /// Longest time of a command.
    var commandTimeout = Duration.seconds(15)
  }

  /// Why a channel did not take a message; no address or secret is in it.
  struct Failure: Error, Sendable, CustomStringConvertible {
    var description: String
    /// Recipients that have the message nevertheless.
    var reached: Set<String> = []

    init(_ description: String, reached: Set<String> = []) {
      self.description = KnownSecrets.current.hidden(in: description)
      self.reached = reached
    }
  }

  /// The process's environment, for commands.
  let environment: [String: String]
  /// Name of this machine.
  let host: String
  var services = Services()

  /// Sends `notification` to `channel`, except to the recipients in `reached`.
  func send(
    _ notification: AlertNotification,
    to channel: AlertChannel,
    reached: Set<String> = []
  ) async throws(Failure) {
    Trace.current("alerts", "\(channel.target.type) \(channel.name): \(notification.id)")
    switch channel.target {
    case .webhook(let url, let secret, let headers):
      let request = WebhookMessage(notification).request(url, secret: secret, headers: headers)
      try await post(request, "the webhook")
    case .command(let text, let hidden):
      try await run(text, hiding: hidden, notification)
    case .slack(let url):
      try await post(Self.json(SlackMessage.body(notification), to: url.exposed), "Slack")
    case .teams(let url):
      try await post(Self.json(TeamsMessage.body(notification), to: url.exposed), "Teams")
    case .pagerDuty(let key, let severity):
      let body = PagerDutyEvent.body(notification, key: key, severity: severity, host: host)
      try await post(Self.json(body, to: services.pagerDuty), "PagerDuty")
    case .sms(let settings): try await text(settings, notification, reached: reached)
    case .email(let settings): try await mail(settings, notification)
    case .unavailable(_, let reason): throw Failure(reason)
    }
  }

  static func json(_ body: Value, to url: String) -> HTTPRequest {
    HTTPRequest(
      "POST",
      url: url,
      headers: [("Content-Type", "application/json")],
      body: Array(body.jsonText.utf8)
    )
  }

  // MARK: - HTTP

  /// Sends `request`, and takes every answer but one of success for a failure.
  func post(_ request: HTTPRequest, _ service: String) async throws(Failure) {
    var request = request
    request.timeout = services.timeout
    request.authorityFile = services.authorityFile
    let response: HTTPResponse
    do throws(TransferError) {
      response = try await HTTPClient.send(request)
    } catch {
      // The address may be the secret: only what libcurl says of it is told.
      throw Failure("\(service) does not take it: \(error.message)")
    }
    if response.isSuccess { return }
    if (300..<400).contains(response.status) {
      throw Failure(
        "\(service) answers \(response.status), a redirect, which is not followed: "
          + "write the address that it leads to"
      )
    }
    throw Failure("\(service) answers \(response.status)\(Self.excerpt(response))")
  }

  /// The start of an answer in one line, which often says what is wrong.
  private static func excerpt(_ response: HTTPResponse) -> String {
    let words = response.text.prefix(200).split(whereSeparator: \.isWhitespace)
    let text = words.joined(separator: " ")
    let isReadable =
      !text.isEmpty && !text.hasPrefix("<")
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    return isReadable ? " (\(text))" : ""
  }

  private func text(
    _ settings: SMSSettings,
    _ notification: AlertNotification,
    reached: Set<String>
  ) async throws(Failure) {
    var reached = reached
    for recipient in settings.recipients where !reached.contains(recipient) {
      let request = TwilioMessage(settings, to: recipient, notification).request(services.twilio)
      do throws(Failure) {
        try await post(request, "Twilio")
      } catch {
        throw Failure(error.description, reached: reached)
      }
      reached.insert(recipient)
    }
  }

  // MARK: - Mail

  private func mail(
    _ settings: EmailSettings,
    _ notification: AlertNotification
  ) async throws(Failure) {
    let message = MailMessage(settings, notification, host: host)
    switch settings.transport {
    case .sendmail(let path):
      let arguments = ["-i", "-f", settings.sender, "--"] + settings.recipients
      let names = ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LANG"]
      try await execute(
        path,
        arguments,
        environment: environment.filter { names.contains($0.key) },
        input: message.bytes(lineEnd: "\n"),
        name: "sendmail"
      )
    case .smtp(let host, let port, let isImplicitTLS, let user, let password):
      let request = MailRequest(
        host: host,
        port: port,
        isImplicitTLS: isImplicitTLS,
        login: user.map { ($0, password?.exposed ?? "") },
        sender: settings.sender,
        recipients: settings.recipients,
        message: message.bytes(lineEnd: "\r\n"),
        authorityFile: services.authorityFile,
        timeout: services.timeout
      )
      do throws(TransferError) {
        try await MailClient.send(request)
      } catch {
        throw Failure("the mail server does not take it: \(error.message)")
      }
    }
  }

  // MARK: - Programs

  private func run(
    _ text: String,
    hiding hidden: Set<String>,
    _ notification: AlertNotification
  ) async throws(Failure) {
    var variables = environment.filter { !hidden.contains($0.key) }
    variables["SLUICE_ALERT_EVENT"] = notification.event.rawValue
    variables["SLUICE_ALERT_SEVERITY"] = notification.severity?.rawValue ?? "ok"
    variables["SLUICE_ALERT_TITLE"] = notification.title
    let input = Array((notification.json.jsonText + "\n").utf8)
    try await execute(
      "/bin/sh",
      ["-c", text],
      environment: variables,
      input: input,
      name: "the command"
    )
  }

  private func execute(
    _ path: String,
    _ arguments: [String],
    environment: [String: String],
    input: [UInt8],
    name: String
  ) async throws(Failure) {
    let timeout = services.commandTimeout
    let process: BoundProcess.Outcome
    do throws(BoundProcess.Failure) {
      process = try await onThread { () throws(BoundProcess.Failure) in
        try BoundProcess.run(
          path,
          arguments: arguments,
          environment: environment,
          input: input,
          before: Deadline(after: timeout)
        )
      }
    } catch {
      switch error {
      case .notStarted(let reason): throw Failure("\(name) cannot run: \(reason)")
      case .tooMuchOutput: throw Failure("\(name) printed more than 64 KiB")
      case .timedOut:
        throw Failure("\(name) did not end within \(DurationText.text(timeout))")
      }
    }
    if process.code == 0 { return }
    let said = String(decoding: process.errors.prefix(300), as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    throw Failure("\(name) ended with \(process.code)" + (said.isEmpty ? "" : ": \(said)"))
  }
}
