import Configuration
import Foundation
import TestSupport
import Testing

@testable import CommandLineInterface

/// What cron means, in the words of systemd and Kubernetes.
@Suite struct ScheduleTests {
  /// Crontab lines with what they become: `OnCalendar=` lines, and the fields of Kubernetes.
  private static let table: [(cron: String, calendar: [String], fields: String?)] = [
    ("* * * * *", ["*-*-* *:*:00 UTC"], "* * * * *"),
    ("*/5 * * * *", ["*-*-* *:00/5:00 UTC"], "*/5 * * * *"),
    ("*/7 0-5/2 * * *", ["*-*-* 00,02,04:00/7:00 UTC"], "*/7 0,2,4 * * *"),
    ("5,35 8-10 * jan-mar *", ["*-01,02,03-* 08,09,10:05,35:00 UTC"], "5,35 8,9,10 * 1,2,3 *"),
    ("30 6 1 */3 *", ["*-01/3-01 06:30:00 UTC"], "30 6 1 1,4,7,10 *"),
    ("0 9 * * mon-fri", ["Mon,Tue,Wed,Thu,Fri *-*-* 09:00:00 UTC"], "0 9 * * 1,2,3,4,5"),
    ("0 0 * * 7", ["Sun *-*-* 00:00:00 UTC"], "0 0 * * 0"),
    ("0 0 * * 5-7", ["Sun,Fri,Sat *-*-* 00:00:00 UTC"], "0 0 * * 0,5,6"),
    ("0 0 * * 0-7", ["*-*-* 00:00:00 UTC"], "0 0 * * *"),
    // Neither begins with a star: one of both is enough.
    (
      "0 0 1,15 * 1", ["*-*-01,15 00:00:00 UTC", "Mon *-*-* 00:00:00 UTC"], "0 0 1,15 * 1"
    ),
    ("0 0 1-31 * 1", ["*-*-* 00:00:00 UTC"], "0 0 * * *"),
    // One begins with a star: both are needed.
    ("0 0 */2 * 1", ["Mon *-*-01/2 00:00:00 UTC"], nil),
    ("0 12 13 * */5", ["Sun,Fri *-*-13 12:00:00 UTC"], nil),
    ("0 0 29 2 *", ["*-02-29 00:00:00 UTC"], "0 0 29 2 *"),
    ("59 23 31 12 *", ["*-12-31 23:59:00 UTC"], "59 23 31 12 *"),
    ("10-50/20 * * * *", ["*-*-* *:10/20:00 UTC"], "10,30,50 * * * *"),
    ("1-41/20 * * * *", ["*-*-* *:01/20:00 UTC"], "1,21,41 * * * *"),
    ("0 */6 10-30/10 * *", ["*-*-10/10 00/6:00:00 UTC"], "0 */6 10,20,30 * *"),
  ]

  @Test(arguments: table.indices) func `a schedule means the same everywhere`(_ index: Int) throws {
    let row = Self.table[index]
    let schedule = try #require(CronSchedule(row.cron))
    #expect(schedule.calendarExpressions(timezone: "UTC") == row.calendar)
    #expect(schedule.kubernetesFields == row.fields)
  }

  /// The next instants of a crontab line after `start`, minute by minute, as crontab(5) says it: the
  /// only rule that is not obvious is that of the two fields of days.
  private func instants(_ cron: String, after start: Date, _ count: Int) -> [String] {
    let words = cron.split(separator: " ").map(String.init)
    let names = ["jan": 1, "feb": 2, "mar": 3, "mon": 1, "fri": 5]
    func number(_ text: String) -> Int { Int(text) ?? names[text] ?? -1 }
    func matches(_ field: Int, _ value: Int, _ bounds: ClosedRange<Int>) -> Bool {
      words[field].split(separator: ",").contains { item in
        let parts = item.split(separator: "/").map(String.init)
        let ends = parts[0].split(separator: "-").map { number(String($0)) }
        let range = parts[0] == "*" ? bounds : (ends[0]...(ends.last ?? ends[0]))
        let step = parts.count > 1 ? number(parts[1]) : 1
        return range.contains(value) && (value - range.lowerBound) % step == 0
      }
    }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = .gmt
    format.dateFormat = "EEE yyyy-MM-dd HH:mm:ss"
    var result: [String] = []
    var day = calendar.startOfDay(for: start)
    while result.count < count {
      let date = calendar.dateComponents([.month, .day, .weekday], from: day)
      let week = (date.weekday ?? 1) - 1
      let isOfMonth = matches(2, date.day ?? 0, 1...31)
      let isOfWeek = matches(4, week, 0...7) || week == 0 && matches(4, 7, 0...7)
      let isEither = !words[2].hasPrefix("*") && !words[4].hasPrefix("*")
      let isDay = isEither ? isOfMonth || isOfWeek : isOfMonth && isOfWeek
      if isDay, matches(3, date.month ?? 0, 1...12) {
        for minute in 0..<1440 where result.count < count {
          let time = day.addingTimeInterval(Double(minute * 60))
          if time > start, matches(1, minute / 60, 0...23), matches(0, minute % 60, 0...59) {
            result.append(format.string(from: time))
          }
        }
      }
      day = day.addingTimeInterval(86_400)
    }
    return result
  }

  @Test(.enabled(if: Shell.has("systemd-analyze"), "no systemd-analyze here"))
  func `systemd elapses at the next fifty instants of cron`() async throws {
    // A Sunday before a leap day.
    let start = Date(timeIntervalSince1970: 1_708_300_830)
    for row in Self.table where row.cron != "0 0 29 2 *" {
      let calls = row.calendar.map {
        "systemd-analyze calendar --base-time=@1708300830 --iterations=50 '\($0)'"
      }
      let answer = await Shell.run("export TZ=UTC; " + calls.joined(separator: "; "))
      let found = answer.output.matches(of: /(?:Next elapse|Iter. #\d+): (.*) UTC/)
        .map { String($0.1) }
      let sorted = Set(found).sorted { $0.dropFirst(4) < $1.dropFirst(4) }
      let expected = instants(row.cron, after: start, 50)
      #expect(Array(sorted.prefix(50)) == expected, "\(row.cron)")
    }
  }

  // MARK: - Files

  private func project(_ alerts: String = "") async throws -> TemporaryFolder {
    let folder = try TemporaryFolder([
      "crm $1/sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations:
        events:
          type: kafka
          brokers: "${BROKERS}"
          sasl: {mechanism: plain, username: u, password: "${credential:kafka}"}
      timezone: Europe/Berlin
      \(alerts)
      """,
      "crm $1/models/t.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT 1 AS id\n",
      "crm $1/syncs/a.yml": Self.sync("*/5  * * * *"),
      "crm $1/syncs/b.yml": Self.sync("0 3 1 * mon"),
      "crm $1/syncs/c.yml": Self.sync("*/5 * * * *"), "crm $1/syncs/d.yml": Self.sync(nil),
    ])
    return folder
  }

  private static func sync(_ schedule: String?) -> String {
    "model: t\ntopic: t\nkey: {primary_key: true}\n"
      + (schedule.map { "schedule: '\($0)'\n" } ?? "")
  }

  private static let alerts =
    "alerts: {channels: {o: {type: command, run: x}}, rules: [{on: failed, channels: [o]}]}"

  private func run(_ line: String, _ folder: TemporaryFolder) async -> Outcome {
    // Words are split at blanks, and the project's folder has one.
    await folder.run(
      words: line.split(separator: " ").map(String.init) + ["-C", folder.path + "/crm $1"],
      environment: ["PATH": "/usr/bin:/bin"]
    )
  }

  @Test func `syncs of one schedule share a line, and alerts have one of their own`() async throws {
    let folder = try await project(Self.alerts)
    try folder.write("BROKERS=b:9092\n", to: "crm $1/.env")
    let config = try folder.read("crm $1/sluice.yml")
    try folder.write(
      config.replacingOccurrences(of: "${credential:kafka}", with: "x"),
      to: "crm $1/sluice.yml"
    )
    let outcome = await run("crontab --jitter 30s", folder)
    #expect(outcome.code == .done, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").filter { !$0.hasPrefix("#") }
    let tails = lines.map { $0.components(separatedBy: "crm $1' ").last ?? "" }
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("*/5 * * * * "))
    #expect(
      tails[0].hasSuffix("run a c --jobs 2 --jitter 30s --if-running skip --quiet"),
      "\(tails)"
    )
    #expect(tails[1].hasSuffix("run b --jitter 30s --if-running skip --quiet"))
    #expect(lines[2].hasPrefix("*/5 * * * * ") && tails[2].hasSuffix("alerts check --quiet"))
    let plain = await run("crontab --print", folder)
    #expect(plain.code == .done && !plain.output.contains("--jitter"))
    #expect(await run("crontab --print --install", folder).code == .usage)
  }

  @Test func `units hold schedules, commands and credentials, and are safe`() async throws {
    let folder = try await project(Self.alerts)
    let shown = await run("schedule --systemd --jitter 30s", folder)
    #expect(shown.code == .done, "\(shown.errors)")
    for part in [
      "# sluice-crm--1-xby5_x_x_x_x.timer\n", "OnCalendar=*-*-* *:00/5:00 Europe/Berlin\n",
      "OnCalendar=*-*-01 03:00:00 Europe/Berlin\nOnCalendar=Mon *-*-* 03:00:00 Europe/Berlin\n",
      "RandomizedDelaySec=30s\n", "LoadCredential=kafka:/etc/credstore/kafka\n",
      "run a c --jobs 2 --if-running skip --quiet\n", "alerts check --quiet\n",
      "crm $$1\" run b ", "ReadWritePaths=\"\(folder.path)/crm $1\"\n", "ProtectSystem=strict\n",
    ] { #expect(shown.output.contains(part), "\(part) in \(shown.output)") }
  }

  @Test(.enabled(if: Shell.has("systemd-analyze"), "no systemd-analyze here"))
  func `units are taken by systemd as they are`() async throws {
    let folder = try await project(Self.alerts)
    let written = await run("schedule --systemd --jitter 30s --write \(folder.path)", folder)
    #expect(written.code == .done, "\(written.errors)")
    // Where the tests run there may be no systemd: its verifier wants the program to be there.
    let outcome = await Shell.run(
      """
      cd '\(folder.path)'; sed -i 's|^ExecStart="[^"]*"|ExecStart=/bin/true|; s|^ExecStart=[^ ]*|ExecStart=/bin/true|' *.service
      systemd-analyze verify --man=no ./*.timer ./*.service
      """
    )
    #expect(outcome.code == 0 && outcome.errors == "", "\(outcome)")
  }

  @Test func `files of others are not replaced, and those that are left are named`() async throws {
    let folder = try await project()
    let units = folder.path + "/units"
    try FileManager.default.createDirectory(atPath: units, withIntermediateDirectories: false)
    #expect(await run("schedule --systemd --name crm --write \(units)", folder).code == .done)
    let names = try FileManager.default.contentsOfDirectory(atPath: units).sorted()
    #expect(
      names == [
        "crm-0_3_1_x_mon.service", "crm-0_3_1_x_mon.timer", "crm-xby5_x_x_x_x.service",
        "crm-xby5_x_x_x_x.timer",
      ]
    )
    try folder.write(Self.sync("0 4 * * *"), to: "crm $1/syncs/b.yml")
    let again = await run("schedule --systemd --name crm --write \(units)", folder)
    #expect(again.code == .done)
    #expect(again.errors.contains("crm-0_3_1_x_mon.timer is not needed any longer"))
    try folder.write("# mine\n", to: "units/crm-0_4_x_x_x.timer")
    let foreign = await run("schedule --systemd --name crm --write \(units)", folder)
    #expect(foreign.code == .configuration)
    #expect(foreign.errors.contains("crm-0_4_x_x_x.timer is not a file of this project"))
    #expect(try folder.read("units/crm-0_4_x_x_x.timer") == "# mine\n")
  }

  @Test func `manifests run without rights, and say which codes are final`() async throws {
    let folder = try await project(Self.alerts)
    let shown = await run("schedule --kubernetes --name crm --image r/crm:1 --jitter 1min", folder)
    #expect(shown.code == .done, "\(shown.errors)")
    let found = shown.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let text = found.joined(separator: "\n")
    for part in [
      "kind: \"PersistentVolumeClaim\"\n", "name: \"crm-xby5-x-x-x-x\"\n",
      "schedule: \"*/5 * * * *\"\ntimeZone: \"Europe/Berlin\"\n",
      "schedule: \"0 3 1 * 1\"\n", "concurrencyPolicy: \"Forbid\"\n", "runAsNonRoot: true\n",
      "- \"run\"\n- \"a\"\n- \"c\"\n", "mountPath: \"/project/state\"\n",
      "- \"--jitter\"\n- \"1min\"\n", "secretKeyRef:\nname: \"crm\"\nkey: \"BROKERS\"\n",
      "name: \"CREDENTIALS_DIRECTORY\"\n", "readOnlyRootFilesystem: true\n",
    ] { #expect(text.contains(part), "\(part) in \(text)") }
    let policy = """
            podFailurePolicy:
              rules:
                - action: "FailJob"
                  onExitCodes:
                    containerName: "sluice"
                    operator: "In"
                    values:
                      - 2
                      - 3
                      - 64
                      - 75
                      - 78
                - action: "Ignore"
      """
    let lines = policy.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let start = try #require(found.firstIndex(of: "podFailurePolicy:"))
    #expect(Array(found[start...].prefix(lines.count)) == lines)
    try folder.write(Self.sync("0 0 */2 * 1"), to: "crm $1/syncs/d.yml")
    let refused = await run("schedule --kubernetes", folder)
    #expect(refused.code == .configuration)
    #expect(refused.errors.contains("the schedule '0 0 */2 * 1' of d cannot be said"))
    #expect(await run("schedule --systemd", folder).code == .done)
    #expect(await run("schedule", folder).code == .usage)
  }

  @Test func `a delay is the same each time, and differs from machine to machine`() {
    let delay = { (machine: String) in
      Jitter.part(of: .seconds(60), for: ["/srv/crm", "a"], on: machine)
    }
    #expect(delay("m1") == delay("m1"))
    #expect(delay("m1") != delay("m2"))
    for number in 0..<50 {
      #expect((Duration.zero..<Duration.seconds(60)).contains(delay("\(number)")))
    }
  }
}
