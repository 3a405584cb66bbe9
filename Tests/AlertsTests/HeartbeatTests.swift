import Foundation
import Reports
import Settings
import TestSupport
import Testing
import Transfer

@testable import Alerts

/// Heartbeats beside stand-ins, and in the forms that services document.
@Suite struct HeartbeatTests {
  /// What is called, as in `POST /x/start`, with the body.
  private func calls(_ inbox: Inbox) -> [(line: String, body: String)] {
    inbox.all.map { text in
      let parts = text.components(separatedBy: "\r\n\r\n")
      let line = parts[0].components(separatedBy: " HTTP/1.1")[0]
      return (line, parts.dropFirst().joined())
    }
  }

  private func center(
    _ urls: [(String, [String])],
    remarks: Inbox = Inbox(),
    timeout: Duration = .seconds(300)
  ) -> HeartbeatCenter {
    HeartbeatCenter(
      urls.map { HeartbeatSettings(Secret($0.0), syncs: $0.1) },
      timeout: timeout,
      gravest: { $0.contains(1) ? 1 : $0.max() ?? 0 },
      log: { remarks.add($0) }
    )
  }

  @Test func `each sync has a start and an end of its own if the address names it`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server())
    let center = center([("http://127.0.0.1:\(server.port)/ping/{sync}?create=1", [])])
    await center.began("a", tags: [])
    await center.ended(Samples.run(of: "a") { $0.sent = 3 }, tags: [], code: 0)
    await center.began("b", tags: [])
    let failure = Samples.run(.failed, of: "b", error: Samples.brokerDown())
    await center.ended(failure, tags: [], code: 1)
    await center.ended(Samples.run(.doneWithProblems, of: "c"), tags: [], code: 2)
    await center.ended(Samples.run(.misconfigured, of: "d"), tags: [], code: 78)
    await center.finish()
    let calls = calls(inbox)
    #expect(
      calls.map(\.line) == [
        "POST /ping/a/start?create=1", "POST /ping/a?create=1", "POST /ping/b/start?create=1",
        "POST /ping/b/1?create=1", "POST /ping/c?create=1", "POST /ping/d/78?create=1",
      ]
    )
    #expect(calls[1].body.hasPrefix("a: done; 0 rows read"))
    #expect(calls[3].body.hasPrefix("b: destination kafka events: nobody answers\nb: failed; "))
  }

  @Test func `a process is one heartbeat, with the gravest code of its syncs`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server())
    let base = "http://127.0.0.1:\(server.port)"
    let center = center([("\(base)/all/", []), ("\(base)/b", ["b"]), ("\(base)/none", ["z"])])
    for sync in ["a", "b", "c"] { await center.began(sync, tags: []) }
    for sync in ["a", "c"] { await center.ended(Samples.run(of: sync), tags: [], code: 0) }
    await center.ended(Samples.run(.stoppedByGuard, of: "b"), tags: [], code: 3)
    await center.finish()
    #expect(
      calls(inbox).map(\.line) == [
        "POST /all/start", "POST /b/start", "POST /all/3", "POST /b/3",
      ]
    )
    #expect(calls(inbox)[2].body.hasPrefix("b: stopped_by_guard"))
  }

  @Test func `runs that did not begin or were interrupted call nobody`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server())
    let center = center([
      ("http://127.0.0.1:\(server.port)/{sync}", []), ("http://127.0.0.1:\(server.port)/all", []),
    ])
    await center.ended(Samples.run(.skipped), tags: [], code: 0)
    await center.ended(Samples.run(.alreadyRunning), tags: [], code: 75)
    await center.ended(Samples.run(.interrupted), tags: [], code: 1)
    await center.finish()
    #expect(inbox.all == [])
  }

  @Test func `at most ten lines are told`() {
    let lines = (0..<30).map { "line \($0)" }
    let request = HeartbeatPing(event: .failed(1), lines: lines).request("https://h/x")
    let body = request?.body.map { String(decoding: $0, as: UTF8.self) }
    #expect(body?.components(separatedBy: "\n") == Array(lines.prefix(10)))
  }

  private static let forms: [(String, HeartbeatPing.Event, String?)] = [
    ("https://cronitor.link/p/KEY/sync", HeartbeatPing.Event.started, "?state=run"),
    ("https://cronitor.link/p/KEY/sync", .succeeded, "?state=complete&status_code=0"),
    (
      "https://cronitor.link/p/KEY/sync?env=prod&state=x", .failed(3),
      "?env=prod&state=fail&status_code=3&message=a%3A%20no"
    ),
    ("https://kuma.example.com/api/push/TOKEN?status=up&msg=OK&ping=", .started, nil),
    (
      "https://kuma.example.com/api/push/TOKEN?status=up&msg=OK&ping=", .succeeded,
      "?ping=&status=up&msg=OK"
    ),
    (
      "https://kuma.example.com/api/push/TOKEN", .failed(1),
      "?status=down&msg=exit%20code%201%3A%20a%3A%20no"
    ),
    ("https://uptime.betterstack.com/api/v1/heartbeat/TOKEN", .started, nil),
    ("https://uptime.betterstack.com/api/v1/heartbeat/TOKEN", .succeeded, ""),
    ("https://uptime.betterstack.com/api/v1/heartbeat/TOKEN", .failed(78), "/78"),
    ("https://hc-ping.com/UUID", .failed(78), "/78"),
  ]

  @Test(arguments: forms)
  func `each service is called in its own form`(
    url: String,
    event: HeartbeatPing.Event,
    rest: String?
  ) {
    let request = HeartbeatPing(event: event, lines: ["a: no"]).request(url)
    let bare = String(url.prefix { $0 != "?" })
    #expect(request?.url == rest.map { bare + $0 })
  }

  @Test func `a heartbeat that is not taken is told without its address`() async throws {
    let (inbox, remarks) = (Inbox(), Inbox())
    let server = try #require(inbox.server("404 Not Found", body: "(not found)"))
    let silent = try #require(StandIn { _ in nil })
    let center = center(
      [
        ("http://127.0.0.1:\(server.port)/hunter2", []), ("http://127.0.0.1:1/hunter2", []),
        ("http://127.0.0.1:\(silent.port)/hunter2", []),
      ],
      remarks: remarks,
      timeout: .milliseconds(300)
    )
    await center.began("a", tags: [])
    #expect(remarks.all.count == 3)
    #expect(remarks.all.first == "a heartbeat was not taken: the service answers 404")
    #expect(!remarks.all.joined().contains("hunter2"))
  }
}
