import SQLite
import Foundation
import Reports
import Settings
import Synchronization
import TestSupport
import Testing
import Values

@testable import Alerts

/// Judging and delivering with a real file, and stand-ins for channels.
@Suite struct AlertCenterTests {
  /// A folder of states, removed with this value.
  private final class Place: Sendable {
    let path = NSTemporaryDirectory() + "sluice-alerts-\(UUID().uuidString)"
    let remarks = Inbox()
    let time = Mutex(1_769_850_000_000_000)

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func center(_ url: String, _ rules: [AlertRule], syncs: Int = 1) -> AlertCenter {
      let channel = AlertChannel("ops", .webhook(url: Secret(url), secret: nil, headers: []))
      let remarks = remarks
      var center = AlertCenter(
        Samples.settings(rules, channels: [channel]),
        project: "crm",
        directory: path,
        subjects: (0..<syncs).map { AlertSubject("s\($0)", destination: "events") },
        environment: [:],
        history: { _ in [] },
        log: { remarks.add(($0.isFailure ? "failed: " : "told: ") + $0.message) }
      )
      center.now = { [self] in
        time.withLock {
          $0 += 1000
          return $0
        }
      }
      return center
    }
  }

  private let rules = [AlertRule(.failed, channels: ["ops"])]

  private func down(_ sync: String = "s0") -> RunReport {
    Samples.run(.failed, of: sync, error: Samples.brokerDown())
  }

  private func titles(_ inbox: Inbox) -> [String] {
    inbox.all.map { text in
      let body = text.components(separatedBy: "\r\n\r\n").dropFirst().joined()
      guard case .object(let object) = Value(json: body), case .string(let title)? = object["title"]
      else { return text }
      return title
    }
  }

  @Test func `forty runs that fail for one broker in one minute are one message`() async throws {
    let (place, inbox) = (Place(), Inbox())
    let server = try #require(inbox.server())
    let url = "http://127.0.0.1:\(server.port)/"
    let centers = (0..<40).map { _ in place.center(url, rules, syncs: 40) }
    await withTaskGroup(of: Void.self) { group in
      for (index, center) in centers.enumerated() {
        group.addTask { await center.judge(down("s\(index)")) }
      }
    }
    #expect(inbox.all.count == 1)
    #expect(try await centers[0].status().incidents.first?.syncs.count == 40)
    await withTaskGroup(of: Void.self) { group in
      for (index, center) in centers.enumerated() {
        group.addTask { await center.judge(Samples.run(of: "s\(index)")) }
      }
    }
    #expect(inbox.all.count == 2)
    #expect(titles(inbox).last?.hasPrefix("[resolved] crm: over after ") == true)
    #expect(inbox.all.last?.contains("\"s39\"") == true)
  }

  @Test func `what a channel does not take is told in the log, and sent in order by later runs`()
    async throws
  {
    let (place, inbox) = (Place(), Inbox())
    let dead = place.center("http://127.0.0.1:1/secret-path-of-hook", rules)
    #expect(await dead.judge(down()))
    #expect(await dead.judge(Samples.run(of: "s0")))
    #expect(place.remarks.all.count == 2)
    #expect(place.remarks.all.allSatisfy { $0.contains("did not take an alert") })
    #expect(!place.remarks.all.joined().contains("secret-path"))
    let status = try await dead.status()
    #expect(status.channels.first?.waiting == 2)
    #expect(status.channels.first?.error?.contains("connect") == true)
    let server = try #require(inbox.server())
    await place.center("http://127.0.0.1:\(server.port)/", rules).judge()
    #expect(titles(inbox).map { $0.prefix(10) } == ["[critical]", "[resolved]"])
    #expect(try await dead.status().channels.first?.waiting == 0)
  }

  @Test func `a file that is not one of alerts fails nothing, and is told`() async throws {
    let place = Place()
    try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
    try Data("not a database, certainly".utf8)
      .write(to: URL(fileURLWithPath: place.path + "/alerts.db"))
    let center = place.center("http://127.0.0.1:1/", rules)
    #expect(await center.judge(down()) == false)
    #expect(place.remarks.all.first?.contains("alerts cannot be judged") == true)
    await #expect(throws: RunError.self) { try await center.status() }
  }

  @Test func `only its owner reads the file`() async throws {
    let place = Place()
    await place.center("http://127.0.0.1:1/", rules).record(down())
    let attributes = try FileManager.default.attributesOfItem(atPath: place.path + "/alerts.db")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func `what another process sends is not sent twice, and taken over when it is gone`()
    async throws
  {
    let (place, inbox) = (Place(), Inbox())
    let server = try #require(inbox.server())
    let center = place.center("http://127.0.0.1:\(server.port)/", rules)
    await center.record(down())
    // Another process took it, and was killed.
    let time = center.now()
    let claimed = try await center.store.write { (connection) throws(SQLiteError) in
      try Outbox(connection: connection).claim("ops", now: time)
    }
    #expect(claimed.count == 1)
    await center.judge()
    #expect(inbox.all.isEmpty)
    place.time.withLock { $0 += Outbox.claimLength }
    await center.judge()
    #expect(inbox.all.count == 1)
  }

  @Test func `a success before there were alerts counts`() async throws {
    let place = Place()
    let stale = [AlertRule(.stale(after: .seconds(60)), channels: ["ops"], syncs: ["s0"])]
    let now = place.time.withLock { $0 }
    let center = AlertCenter(
      Samples.settings(stale),
      project: "crm",
      directory: place.path,
      subjects: [AlertSubject("s0")],
      environment: [:],
      history: { _ in
        [
          RunRecord(
            id: "a",
            command: "run",
            startedAt: now - 200_000_000_000,
            finishedAt: now - 100_000_000_000,
            outcome: "done"
          )
        ]
      },
      log: { _ in }
    )
    await center.record(nil)
    #expect(try await center.status().incidents.first?.rule == "stale")
  }
}
