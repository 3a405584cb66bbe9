import Configuration
import Settings
import Testing

@Suite struct AlertTests {
  private func load(
    _ text: String,
    _ environment: [String: String] = [:]
  ) throws -> Configuration.Result {
    try TemporaryProject([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      alerts:
      \(text)
      """
    ]).load(environment)
  }

  private func channel(_ text: String) throws -> AlertChannel {
    let result = try load("  channels:\n    a: {\(text)}")
    #expect(result.diagnostics.map(\.rendered) == [])
    return try #require(result.settings?.alerts?.channels.first)
  }

  private func rule(_ text: String) throws -> AlertRule {
    let result = try load(
      "  channels: {a: {type: command, run: x}}\n  rules:\n    - {channels: a, \(text)}"
    )
    #expect(result.diagnostics.map(\.rendered) == [])
    return try #require(result.settings?.alerts?.rules.first)
  }

  @Test(arguments: [
    ("on: failed", AlertRule.Condition.failed, AlertSeverity.critical),
    ("on: guard, severity: warning", .guarded, .warning),
    ("on: rejected", .rejected(above: .rows(0)), .warning),
    ("on: rejected, above: 10", .rejected(above: .rows(10)), .warning),
    ("on: rejected, above: 1.5%", .rejected(above: .percent(1.5)), .warning),
    ("on: stale, after: 2h", .stale(after: .seconds(7200)), .critical),
    ("on: unusual", .unusual(factor: 5), .warning),
    ("on: unusual, factor: 2.5", .unusual(factor: 2.5), .warning),
    ("on: duration, above: 10min", .duration(above: .time(.seconds(600))), .warning),
    ("on: duration, above: 3x", .duration(above: .median(3)), .warning),
    ("on: rows, below: 50%, severity: critical", .rows(below: 50), .critical),
  ])
  func `a rule is read`(
    text: String,
    condition: AlertRule.Condition,
    severity: AlertSeverity
  ) throws {
    let rule = try rule(text)
    #expect(rule.condition == condition)
    #expect(rule.severity == severity)
    #expect(rule.channels == ["a"])
  }

  @Test(arguments: [
    ("2026-12-24T08:00Z", 1_798_099_200), ("2026-12-24T08:00:30Z", 1_798_099_230),
    ("2026-12-24T09:00+01:00", 1_798_099_200), ("2026-12-24 03:30-04:30", 1_798_099_200),
    ("2026-12-24", 1_798_070_400), ("2024-02-29T00:00Z", 1_709_164_800),
  ])
  func `the end of a mute is a point in time`(text: String, seconds: Int) throws {
    #expect(try rule("on: failed, mute_until: \(text)").muteUntil == seconds * 1_000_000)
  }

  @Test func `a rule that names a tag of no sync warns`() throws {
    let result = try load(
      "  channels: {a: {type: command, run: x}}\n  rules: [{on: failed, channels: a, tags: [b]}]"
    )
    #expect(result.settings != nil)
    #expect(result.diagnostics.map(\.message) == ["no sync has the tag 'b'"])
  }

  @Test func `a heartbeat that several schedules share warns`() throws {
    let sync = "model: customers\ntopic: t\nkey: {column: id}\nschedule: '* * * * *'\n"
    let load = { (url: String) in
      try TemporaryProject([
        "sluice.yml": """
        sources: {shop: {type: sqlite, path: shop.db}}
        destinations: {events: {type: kafka, brokers: embedded}}
        alerts: {heartbeat: {url: "\(url)"}}
        """, "syncs/customers.yml": sync,
        "syncs/b.yml": sync.replacing("'* * * * *'", with: "'*/5 * * * *'"),
      ]).load()
    }
    let shared = try load("https://h/x")
    #expect(shared.settings != nil)
    #expect(shared.diagnostics.map(\.message).first?.hasPrefix("syncs of 2 schedules") == true)
    let own = try load("https://h/{sync}")
    #expect(own.diagnostics.map(\.rendered) == [])
    #expect(own.settings?.alerts?.heartbeats.first?.isPerSync == true)
  }

  @Test(arguments: [
    ("smtps://ada:p%40ss%3A@mail.example.com", "mail.example.com", 465, true, "ada", "p@ss:"),
    ("smtp://mail", "mail", 587, false, nil, nil),
    ("smtp://a%40b.c:x@10.0.0.1:25/", "10.0.0.1", 25, false, "a@b.c", "x"),
  ])
  func `a mail server is taken apart`(
    url: String,
    host: String,
    port: Int,
    isTLS: Bool,
    user: String?,
    password: String?
  ) throws {
    let target = try channel("type: email, smtp: '\(url)', from: a@b.c, to: d@e.f").target
    guard case .email(let settings) = target,
      case .smtp(let foundHost, let foundPort, let isImplicit, let foundUser, let secret) =
        settings.transport
    else {
      Issue.record("no mail server")
      return
    }
    #expect(foundHost == host && foundPort == port && isImplicit == isTLS)
    #expect(foundUser == user && secret?.exposed == password)
  }

  @Test func `each type of channel is read`() throws {
    let target = try channel("type: webhook, url: https://h/p, secret: s, headers: {X-A: b}").target
    guard case .webhook(let url, let secret, let headers) = target else {
      Issue.record("no webhook")
      return
    }
    #expect(url.exposed == "https://h/p" && secret?.exposed == "s")
    #expect(headers.map { "\($0.name): \($0.value.exposed)" } == ["X-A: b"])
    let pager = try channel("type: pagerduty, routing_key: k, min: critical, severity: error")
    #expect(pager.minimum == .critical && pager.target.type == "pagerduty")
    let sms = try channel(
      "type: sms, provider: twilio, account_sid: AC, auth_token: t, from: +15005550006, to: +4930111222"
    )
    guard case .sms(let settings) = sms.target else {
      Issue.record("no sms")
      return
    }
    #expect(settings.sender == "+15005550006" && settings.recipients == ["+4930111222"])
    #expect(try channel("type: teams, webhook: https://h/p").target.type == "teams")
    #expect(
      try channel("type: email, sendmail: bin/sendmail, from: a@b.c, to: [d@e.f]").target.type
        == "email"
    )
  }

  @Test func `what is secret in channels is known as a secret`() throws {
    let result = try load(
      """
        channels:
          a: {type: slack, webhook: "https://hooks.slack.com/services/T/B/literal"}
          b: {type: teams, webhook: "${TEAMS}"}
          c: {type: email, smtp: "smtps://ada:literal-password@h", from: "${SENDER}", to: [a@b.c]}
          d: {type: pagerduty, routing_key: literal-key}
          e: {type: webhook, url: "https://user:literal-login@h.example.com/", secret: literal-secret, headers: {Authorization: "Bearer literal-token"}}
          f: {type: command, run: "notify ${TOKEN}"}
      """,
      ["TEAMS": "https://example.com/x", "SENDER": "ops@example.com", "TOKEN": "from-outside"]
    )
    let secrets = Set(result.settings?.secrets.map(\.exposed) ?? [])
    #expect(result.diagnostics.map(\.rendered) == [])
    for secret in [
      "/services/T/B/literal", "https://example.com/x", "literal-password", "literal-key",
      "user:literal-login", "literal-secret", "Bearer literal-token", "from-outside",
    ] { #expect(secrets.contains(secret), "\(secret)") }
    #expect(!secrets.contains("ops@example.com"))
    guard case .command(_, let hidden)? = result.settings?.alerts?.channel("f")?.target else {
      Issue.record("no command")
      return
    }
    #expect(hidden == ["TEAMS", "TOKEN"])
  }
}
