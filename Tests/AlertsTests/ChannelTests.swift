import Foundation
import Reports
import Settings
import TestSupport
import Testing
import Text
import Values

@testable import Alerts

/// Each channel beside a stand-in that checks what its service documents.
@Suite struct ChannelTests {
  private func send(
    _ target: AlertChannel.Target,
    _ notification: AlertNotification = Samples.notification(),
    _ services: AlertSender.Services = Self.services(),
    environment: [String: String] = ["PATH": "/usr/bin:/bin"]
  ) async throws {
    let sender = AlertSender(environment: environment, host: "db1", services: services)
    try await sender.send(notification, to: AlertChannel("ops", target))
  }

  /// Services that may take their time: other tests use the machine too.
  private static func services() -> AlertSender.Services {
    var services = AlertSender.Services()
    (services.timeout, services.commandTimeout) = (.seconds(300), .seconds(300))
    return services
  }

  /// Why `target` does not take a message; nil if it does.
  private func failure(
    _ target: AlertChannel.Target,
    _ services: AlertSender.Services = Self.services()
  ) async -> AlertSender.Failure? {
    do {
      try await send(target, Samples.notification(), services)
      return nil
    } catch {
      return error as? AlertSender.Failure
    }
  }

  /// Head and JSON of the one request.
  private func request(_ inbox: Inbox) throws -> (head: [String], body: Object) {
    let text = try #require(inbox.all.first)
    #expect(inbox.all.count == 1)
    let parts = text.components(separatedBy: "\r\n\r\n")
    guard case .object(let body) = Value(json: parts.dropFirst().joined()) else {
      throw AlertSender.Failure("no JSON: \(text)")
    }
    return (parts[0].components(separatedBy: "\r\n"), body)
  }

  private func text(_ value: Value?) -> String? {
    if case .string(let text)? = value { text } else { nil }
  }

  private func object(_ value: Value?) -> Object {
    if case .object(let object)? = value { object } else { Object() }
  }

  private func items(_ value: Value?) -> [Value] {
    if case .array(let items)? = value { items } else { [] }
  }

  // MARK: - Webhook

  @Test func `a webhook gets JSON that its secret signs`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server("204 No Content", body: ""))
    let secret = "whsec_" + Base64.text(Array("a key of bytes".utf8))
    try await send(
      .webhook(
        url: Secret("http://127.0.0.1:\(server.port)/hook?a=b"),
        secret: Secret(secret),
        headers: [("X-Team", Secret("crm"))]
      )
    )
    let (head, body) = try request(inbox)
    #expect(head[0] == "POST /hook?a=b HTTP/1.1")
    #expect(head.contains("X-Team: crm"))
    #expect(head.contains("Content-Type: application/json"))
    let value = { (name: String) in
      head.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
    let id = try #require(value("webhook-id"))
    let time = try #require(value("webhook-timestamp"))
    #expect(abs(Date().timeIntervalSince1970 - (Double(time) ?? 0)) < 3600)
    let raw = inbox.all[0].components(separatedBy: "\r\n\r\n")[1]
    // openssl is another implementation than the one that signed.
    let script =
      "printf '%s' '\(id).\(time).\(raw)' | openssl dgst -sha256 -hmac 'a key of bytes' "
      + "-binary | base64"
    let expected = await Shell.run(script).output
    #expect(value("webhook-signature").map { $0 + "\n" } == "v1," + expected)
    #expect(text(body["event"]) == "opened")
    #expect(text(body["severity"]) == "critical")
    #expect(text(body["previous"]) == "ok")
    #expect(text(body["system"]) == "destination events")
    #expect(text(body["since"]) == "2026-01-31T09:00:00.000Z")
    #expect(body["duration_seconds"] == .integer(7500))
    #expect(text(body["title"]) == "[critical] crm: customers failed")
  }

  @Test func `a webhook without a secret is not signed`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server())
    let url = Secret("http://127.0.0.1:\(server.port)/")
    try await send(.webhook(url: url, secret: nil, headers: []))
    #expect(!inbox.all[0].contains("webhook-signature"))
  }

  // MARK: - Chats

  @Test func `Slack gets text and blocks in its own escapes`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server())
    try await send(.slack(Secret("http://127.0.0.1:\(server.port)/services/T/B/x")))
    let (head, body) = try request(inbox)
    #expect(head[0] == "POST /services/T/B/x HTTP/1.1")
    #expect(head.contains("Content-Type: application/json"))
    #expect(text(body["text"]) == ":red_circle: [critical] crm: customers failed")
    let blocks = items(body["blocks"]).map { object($0) }
    #expect(blocks.map { text($0["type"]) } == ["section", "section"])
    let sections = blocks.map { object($0["text"]) }
    #expect(sections.allSatisfy { text($0["type"]) == "mrkdwn" })
    let details = try #require(text(sections[1]["text"]))
    #expect(details.contains("nobody answers &lt;&amp;&gt;\n"))
    #expect(details.contains("next: sluice runs customers"))
  }

  @Test func `Teams gets a message with one adaptive card`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server("202 Accepted", body: ""))
    try await send(.teams(Secret("http://127.0.0.1:\(server.port)/workflows/x")))
    let (_, body) = try request(inbox)
    #expect(text(body["type"]) == "message")
    let attachment = object(items(body["attachments"]).first)
    #expect(text(attachment["contentType"]) == "application/vnd.microsoft.card.adaptive")
    #expect(attachment["contentUrl"] == .null)
    let card = object(attachment["content"])
    #expect(text(card["type"]) == "AdaptiveCard")
    #expect(text(card["version"]) == "1.4")
    let blocks = items(card["body"]).map { object($0) }
    #expect(blocks.allSatisfy { text($0["type"]) == "TextBlock" && $0["wrap"] == .bool(true) })
    #expect(text(blocks.first?["text"]) == "[critical] crm: customers failed")
    #expect(text(blocks.first?["color"]) == "Attention")
  }

  // MARK: - PagerDuty

  @Test func `PagerDuty is triggered and resolved under one key`() async throws {
    let inbox = Inbox()
    let answer = #"{"status":"success","message":"Event processed"}"#
    let server = try #require(inbox.server("202 Accepted", body: answer))
    var services = Self.services()
    services.pagerDuty = "http://127.0.0.1:\(server.port)/v2/enqueue"
    let key = Secret("0123456789abcdef0123456789abcdef")
    try await send(.pagerDuty(routingKey: key, severity: nil), Samples.notification(), services)
    let (head, body) = try request(inbox)
    #expect(head[0] == "POST /v2/enqueue HTTP/1.1")
    #expect(text(body["routing_key"]) == key.exposed)
    #expect(text(body["event_action"]) == "trigger")
    #expect(text(body["dedup_key"]) == "inc_0011223344556677")
    let payload = object(body["payload"])
    #expect(text(payload["summary"]) == "[critical] crm: customers failed")
    #expect(text(payload["source"]) == "db1")
    #expect(text(payload["severity"]) == "critical")
    #expect(text(payload["timestamp"]) == "2026-01-31T11:05:00.000Z")
    let end = Samples.notification(severity: nil, from: .critical)
    try await send(.pagerDuty(routingKey: key, severity: "error"), end, services)
    let last = try #require(inbox.all.last)
    #expect(last.contains(#""event_action":"resolve","dedup_key":"inc_0011223344556677""#))
    #expect(!last.contains("payload"))
  }

  @Test func `PagerDuty is told another severity if the channel says so`() async throws {
    let body = PagerDutyEvent.body(
      Samples.notification(),
      key: Secret("k"),
      severity: "error",
      host: "h"
    )
    #expect(text(object(object(body)["payload"])["severity"]) == "error")
  }

  // MARK: - Twilio

  @Test func `Twilio gets one form for each number, and none twice`() async throws {
    let inbox = Inbox()
    let server = try #require(
      StandIn { request in
        inbox.add(request)
        let isGood = request.contains("To=%2B4930111")
        return isGood
          ? "HTTP/1.1 201 CREATED\r\nContent-Length: 2\r\n\r\n{}"
          : "HTTP/1.1 400 BAD REQUEST\r\nContent-Length: 15\r\n\r\n{\"code\": 21211}"
      }
    )
    var services = Self.services()
    services.twilio = "http://127.0.0.1:\(server.port)"
    let settings = SMSSettings(
      account: "AC1",
      token: Secret("hunter2-hunter2"),
      sender: "+15005550006",
      recipients: ["+4930111", "+4930222"]
    )
    let sender = AlertSender(environment: [:], host: "h", services: services)
    let channel = AlertChannel("sms", .sms(settings))
    var failure: AlertSender.Failure?
    do { try await sender.send(Samples.notification(), to: channel) } catch { failure = error }
    #expect(failure?.reached == ["+4930111"])
    #expect(failure?.description == "Twilio answers 400 ({\"code\": 21211})")
    let first = try #require(inbox.all.first)
    #expect(first.hasPrefix("POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n"))
    let login = Base64.text(Array("AC1:hunter2-hunter2".utf8))
    #expect(first.contains("\r\nAuthorization: Basic \(login)\r\n"))
    #expect(first.contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n"))
    #expect(first.contains("From=%2B15005550006&To=%2B4930111&Body=%5Bcritical%5D%20crm%3A%20"))
    _ = try? await sender.send(Samples.notification(), to: channel, reached: ["+4930111"])
    #expect(inbox.all.count == 3)
    #expect(inbox.all[2].contains("To=%2B4930222"))
  }

  // MARK: - Command

  @Test func `a command reads JSON and inherits no secret`() async throws {
    let file = NSTemporaryDirectory() + "sluice-command-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try await send(
      .command("{ cat; env; } > \(file)", hiding: ["TOKEN"]),
      environment: ["PATH": "/usr/bin:/bin", "TOKEN": "hunter2", "HOME": "/h"]
    )
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.hasPrefix(#"{"version":1,"id":"inc_0011223344556677-1","#))
    #expect(text.contains("\nSLUICE_ALERT_SEVERITY=critical\n"))
    #expect(text.contains("\nSLUICE_ALERT_TITLE=[critical] crm: customers failed\n"))
    #expect(text.contains("\nHOME=/h\n"))
    #expect(!text.contains("hunter2"))
  }

  @Test(arguments: [
    ("echo no such room >&2; exit 3", "the command ended with 3: no such room"),
    ("kill -9 $$", "the command ended with 137"),
    ("sleep 60", "the command did not end within 200ms"),
  ])
  func `a command that fails or hangs is told`(command: String, told: String) async {
    var services = Self.services()
    if command.hasPrefix("sleep") { services.commandTimeout = .milliseconds(200) }
    let failure = await failure(.command(command, hiding: []), services)
    #expect(failure?.description == told)
  }

  // MARK: - Trouble

  @Test(arguments: [
    ("500 Oops", "x", "Slack answers 500 (x)"), ("403 Forbidden", "", "Slack answers 403"),
    ("404 Not Found", "no_service", "Slack answers 404 (no_service)"),
    ("502 Bad Gateway", "<html>bad</html>", "Slack answers 502"),
    (
      "302 Found\r\nLocation: http://127.0.0.1:1/secret", "",
      "Slack answers 302, a redirect, which is not followed: write the address that it leads to"
    ),
  ])
  func `an answer other than success is told`(
    status: String,
    body: String,
    told: String
  )
    async throws
  {
    let inbox = Inbox()
    let server = try #require(inbox.server(status, body: body))
    let failure = await failure(.slack(Secret("http://127.0.0.1:\(server.port)/hunter2hunter2")))
    #expect(failure?.description == told)
    #expect(inbox.all.count == 1)
  }

  @Test func `a service that does not answer, or not in time, is told without its address`()
    async throws
  {
    let silent = try #require(StandIn { _ in nil })
    var services = Self.services()
    services.timeout = .milliseconds(300)
    for url in ["http://127.0.0.1:1/hunter2", "http://127.0.0.1:\(silent.port)/hunter2"] {
      let failure = await failure(.teams(Secret(url)), services)
      let text = try #require(failure?.description)
      #expect(text.hasPrefix("Teams does not take it: "))
      #expect(!text.contains("hunter2") && !text.contains("127.0.0.1"))
    }
  }

  @Test func `an answer that repeats a secret is told without it`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server("400 Bad Request", body: "bad key hunter2hunter2"))
    let known = KnownSecrets()
    known.learn([Secret("hunter2hunter2")])
    let told = await KnownSecrets.$current.withValue(known) {
      await failure(.slack(Secret("http://127.0.0.1:\(server.port)/")))
    }
    #expect(told?.description == "Slack answers 400 (bad key ***)")
  }
}
