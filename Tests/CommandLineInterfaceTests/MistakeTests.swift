import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// Every symptom of docs/kafka.md, made by its mistake: `run` and `check --connect` name it.
@Suite(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
struct MistakeTests {
  private let kit: KafkaKit

  init() async throws {
    kit = try #require(await KafkaKit.start())
    await kit.startTokenEndpoint()
    await kit.makeTopic("mistakes")
  }

  /// A project whose destination is the one of the mistake.
  private func project(
    _ mistake: Mistake,
    topic: String = "mistakes",
    _ sync: String = ""
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let keys = mistake.keys.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    let address = mistake.broker.hasPrefix("KAFKA_") ? kit[mistake.broker] : mistake.broker
    try folder.write(
      """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations:
        events:
          type: kafka
          brokers: \(address)
          timeouts: {connect: \(mistake.timeout), delivery: \(mistake.timeout)}
      \(keys)
      """,
      to: "sluice.yml"
    )
    try folder.write(
      "-- ---\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
      to: "models/customers.sql"
    )
    // SQLite takes an empty file for an empty database.
    try folder.write("", to: "shop.db")
    try folder.write(
      "model: customers\ntopic: \(topic)\nkey: {column: id}\n" + sync,
      to: "syncs/customers.yml"
    )
    return folder
  }

  /// Whether `text` holds the words of the documentation, where X and N stand for anything.
  static func holds(_ text: String, _ words: String) -> Bool {
    let escaped = NSRegularExpression.escapedPattern(for: words)
    let pattern = escaped.replacingOccurrences(
      of: #"\b[XN]\b"#,
      with: ".+",
      options: .regularExpression
    )
    return text.range(of: pattern, options: .regularExpression) != nil
  }

  private func isNamed(
    _ mistake: Mistake,
    topic: String = "mistakes",
    _ sync: String = ""
  ) async throws {
    let folder = try project(mistake, topic: topic, sync)
    let run = await folder.run("run --log-level trace", environment: kit.variables)
    #expect([.failed, .configuration].contains(run.code))
    let (said, runSteps) = Self.split(run.errors)
    #expect(Self.holds(said, mistake.said), "\(mistake.said) is not in\n\(said)")
    #expect(said.contains("hint: "), "\(said)")
    // The same code for each right.
    if mistake.said.hasSuffix("authorization failed") {
      #expect(said.contains("[SL0305]"), "\(said)")
    }
    let check = await folder.run("check --connect --log-level trace", environment: kit.variables)
    #expect([.failed, .configuration].contains(check.code))
    let (told, checkSteps) = Self.split(check.output + check.errors)
    let wanted = mistake.checked ?? mistake.said
    #expect(Self.holds(told, wanted), "\(wanted) is not in\n\(told)")
    let everything = said + runSteps + told + checkSteps + SecrecyTests.states(folder)
    for secret in secrets { #expect(!everything.contains(secret), "\(secret) is shown") }
  }

  /// Whatever may not be shown by these projects, whole or in part.
  private var secrets: [String] {
    let isSecret = { (name: String) in
      ["PASSWORD", "SECRET", "SESSION_TOKEN"].contains { name.contains($0) }
    }
    return ["s3cr3t", "limited-secret", "writer-secret", "eyJ", ",p=", "X-Amz-"]
      + kit.variables.filter { isSecret($0.key) }.map(\.value)
  }

  /// What a user reads, and the trace.
  private static func split(_ text: String) -> (told: String, steps: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let isStep = { (line: Substring) in line.contains("Z trace ") }
    return (
      lines.filter { !isStep($0) }.joined(separator: "\n"),
      lines.filter(isStep).joined(separator: "\n")
    )
  }

  @Test(arguments: Mistake.all)
  func `a mistake is named for what it is`(_ mistake: Mistake) async throws {
    try await isNamed(mistake)
  }

  @Test(arguments: Mistake.certificates)
  func `a certificate that will not do is named with the reason`(
    _ mistake: Mistake,
    _ from: String,
    _ until: String,
    _ host: String
  ) async throws {
    let server = try #require(CertificateServer(kit, from: from, until: until, for: host))
    var mistake = mistake
    mistake.broker = "\(mistake.broker):\(server.port)"
    try await isNamed(mistake)
  }

  @Test func `a host that does not answer is given up`() async throws {
    let hole = try #require(BlackHole())
    let silent = try #require(SocketServer { _ in false })
    for port in [hole.port, silent.port] {
      for var mistake in Mistake.silence {
        mistake.broker = "127.0.0.1:\(port)"
        try await isNamed(mistake)
      }
    }
  }

  @Test func `something else than a broker is named as that`() async throws {
    let greeter = try #require(
      SocketServer { client in
        SocketServer.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), to: client)
        return false
      }
    )
    for var mistake in [Mistake.webServer, Mistake.webServerByTLS] {
      mistake.broker = "127.0.0.1:\(greeter.port)"
      try await isNamed(mistake)
    }
  }

  @Test func `a broker that is not to be trusted with a password is named as that`() async throws {
    let cheap = FakeBroker.scram(salted: "s=c2FsdA==,i=100")
    let impostor = FakeBroker.scram(salted: "s=c2FsdA==,i=4096", last: "v=c2lnbmF0dXJl")
    for (broker, named) in [(cheap, Mistake.cheapIterations), (impostor, Mistake.impostor)] {
      var mistake = named
      mistake.broker = "127.0.0.1:\(try #require(broker).port)"
      try await isNamed(mistake)
    }
  }

  @Test func `an advertised address that nobody reaches is named as that`() async throws {
    // A cluster of its own, which the setting tells from the others.
    let kit = try #require(await KafkaKit.start(["broker.rack=advertised"]))
    await kit.makeTopic("mistakes")
    let port = try #require(kit["KAFKA_SASL_SSL"].split(separator: ":").last)
    let listeners = [
      "PLAINTEXT://\(kit["KAFKA_BOOTSTRAP"])", "SASL_PLAINTEXT://127.0.0.1:1",
      "SASL_SSL://127.0.0.1:\(port)", "SSL://\(kit["KAFKA_SSL"])",
      "OAUTH://\(kit["KAFKA_OAUTH"])", "MSK://\(kit["KAFKA_MSK_IAM"])",
      "SCRAM_LENIENT://\(kit["KAFKA_SCRAM_LENIENT"])", "AWS://\(kit["KAFKA_AWS_IAM"])",
    ]
    await kit.script("kafka-down")
    await kit.script(
      "kafka-up",
      "--set",
      "advertised.listeners=\(listeners.joined(separator: ","))"
    )
    // Each waits for its time to run out: all of them at once.
    let tests = MistakeTests(kit)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for mistake in Mistake.advertised { group.addTask { try await tests.isNamed(mistake) } }
      try await group.waitForAll()
    }
  }

  private init(_ kit: KafkaKit) {
    self.kit = kit
  }

  @Test func `topics and rights that are missing are named`() async throws {
    await kit.makeTopic("seen")
    await grant("limited", "describe", "--topic", "seen")
    try await isNamed(Mistake.missingTopic, topic: "mistaken")
    try await isNamed(Mistake.noWriting, topic: "seen")
    try await isNamed(Mistake.noCreation, topic: "mistaken")
  }

  @Test func `every right that exactly once needs is missed by its name`() async throws {
    await kit.kafka(
      "configs",
      "--alter",
      "--entity-type",
      "users",
      "--entity-name",
      "writer",
      "--add-config",
      "SCRAM-SHA-512=[password=writer-secret]"
    )
    await kit.makeTopic("once")
    await grant("writer", "write", "--topic", "once")
    let exactly = "delivery: exactly_once\n"
    try await isNamed(Mistake.noTransactions, topic: "once", exactly)
    await grant(
      "writer",
      "write",
      "--transactional-id",
      "sluice.",
      "--resource-pattern-type",
      "prefixed"
    )
    try await isNamed(Mistake.noGroup, topic: "once", exactly)
    await grant("writer", "read", "--group", "sluice.", "--resource-pattern-type", "prefixed")
    try await isNamed(Mistake.noReading, topic: "once", exactly)
    await grant("writer", "read", "--topic", "once")
    let folder = try project(Mistake.noReading, topic: "once", exactly)
    let check = await folder.run("check --connect", environment: kit.variables)
    #expect(check.code == .done, "\(check.output)\(check.errors)")
    #expect(check.output.contains("✓  sync customers      right to the group"), "\(check.output)")
    let run = await folder.run("run", environment: kit.variables)
    #expect(run.code == .done, "\(run.errors)")
    // Once there is a state its own id is asked for.
    #expect(await folder.run("check --connect", environment: kit.variables).code == .done)
    #expect(await kit.kcat("once", format: "%k\\n") == ["1"])
  }

  private func grant(_ user: String, _ operation: String, _ resource: String...) async {
    let who = ["--add", "--allow-principal", "User:\(user)", "--operation", operation]
    await kit.kafka("acls", who + resource)
  }

  @Test(
    .enabled(if: Shell.program("sluice") != nil, "the program itself is not built"),
    .enabled(if: Shell.has("cc"), "no C compiler here")
  )
  func `a clock that is wrong by hours is named as that`() async throws {
    let folder = try project(Mistake.skew)
    let program = try #require(Shell.program("sluice"))
    let now = await Shell.run("LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT'").output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let service = try #require(
      StandIn { _ in "HTTP/1.1 302 Found\r\nDate: \(now)\r\nContent-Length: 0\r\n\r\n" }
    )
    // Two hours later for the program, and for nobody else.
    try folder.write(
      """
      #include <sys/time.h>
      #include <time.h>
      time_t time(time_t *t) {
        struct timeval now;
        gettimeofday(&now, 0);
        if (t) *t = now.tv_sec + 7200;
        return now.tv_sec + 7200;
      }
      """,
      to: "clock.c"
    )
    for command in ["run", "check --connect"] {
      let (code, output, errors) = await Shell.run(
        """
        cd \(folder.path); cc -shared -fPIC -o clock.so clock.c || exit 99
        set -a; source \(kit.folder)/env; set +a
        AWS_ENDPOINT_URL_STS=http://127.0.0.1:\(service.port)/ LD_PRELOAD=./clock.so \
          \(program) \(command)
        """
      )
      let said = output + errors
      #expect(code == 1, "\(said)")
      #expect(Self.holds(said, Mistake.skew.said), "\(said)")
      #expect(said.contains("2 h ahead"), "\(said)")
    }
  }

  @Test func `the documentation has these symptoms and no others`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("docs/kafka.md"), encoding: .utf8)
    let table = try #require(text.components(separatedBy: "| What Sluice says |").last)
    let documented = table.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .flatMap { row -> [String] in
        let cell = row.dropFirst().prefix { $0 != "|" }
        let parts = cell.components(separatedBy: "`")
        return parts.indices.filter { $0 % 2 == 1 }.map { parts[$0] }
      }
    let made = Set(Mistake.everyone.flatMap { [$0.said, $0.checked].compactMap { $0 } })
    #expect(Set(documented).subtracting(made) == [], "documented, and never made")
    #expect(made.subtracting(documented) == [], "made, and not documented")
  }
}
