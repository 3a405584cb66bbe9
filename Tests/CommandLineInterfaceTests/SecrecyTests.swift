import Arguments
import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// No secret appears anywhere but where it is used.
@Suite(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
struct SecrecyTests {
  private static let wrong = "wr0ng-s3cr3t-\"quoted\"-é"

  /// Every command, in an order that gives each something to do; one that is not named here is run
  /// with the name of the sync.
  private static let lines = known + others + ["reset customers --yes"]

  private static let known = [
    "check", "check --connect", "check --connect --output json", "plan", "run",
    "run --output json --log-format json", "backfill customers", "status", "runs customers",
    "errors customers", "state info customers", "recover customers --adopt", "crontab",
    "render --model customers --mode text --template {{row.id}}", "version", "help",
    "completions bash",
  ]

  private static let others = CommandLineInterface.table.commands.map(\.name)
    .filter { name in !["init", "reset"].contains(name) && !known.contains { $0.hasPrefix(name) } }
    .map { "\($0) customers" }

  /// The variables that the project's `.env` holds: nothing is in the process's environment.
  private func write(_ variables: [String: String], to folder: TemporaryFolder) throws {
    let lines = variables.sorted { $0.key < $1.key }.map { name, value in
      let escaped = value.replacingOccurrences(of: "\\", with: "\\\\")
        .replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(of: "$", with: "\\$")
        .replacingOccurrences(of: "\n", with: "\\n")
      return "\(name)=\"\(escaped)\"\n"
    }
    try folder.write(lines.joined(), to: ".env")
  }

  private func isSecret(_ name: String) -> Bool {
    ["PASSWORD", "SECRET", "SESSION_TOKEN"].contains { name.contains($0) }
  }

  /// The texts that a secret could appear as.
  private func shapes(of secret: String) -> [String] {
    let json = secret.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "\"", with: "\\\"")
    let percent = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret
    let base64 = Data(secret.utf8).base64EncodedString().trimmingCharacters(in: ["="])
    return [secret, json, percent, base64]
  }

  /// How what is made of a secret begins: tokens of an endpoint, signed URLs, proofs of SCRAM.
  private static let derived = [
    "eyJ", Data("https://kaf".utf8).base64EncodedString(), ",p=", "X-Amz-",
  ]

  /// Everything below the folder of states, as text.
  static func states(_ folder: TemporaryFolder) -> String {
    let path = folder.path + "/state"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { FileManager.default.contents(atPath: path + "/" + $0) }
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }

  /// One login of each kind that has a secret, and librdkafka at its most talkative.
  private static let logins =
    KafkaListenerTests.cases.filter {
      ["plain-clear", "scram-512-tls-hostile", "oidc", "msk-iam-temporary", "aws"].contains($0.name)
    } + [
      KafkaListenerTests.Case(
        name: "debug-all",
        listener: "KAFKA_SASL_SSL",
        keys: """
          ca: ${KAFKA_CA}
          sasl: {mechanism: plain, username: sluice, password: "${KAFKA_PASSWORD}"}
          properties: {debug: all}
          """
      )
    ]

  @Test(arguments: logins, [true, false])
  func `no command shows a secret`(_ test: KafkaListenerTests.Case, _ isRight: Bool) async throws {
    let kit = try #require(await KafkaKit.start())
    await kit.startTokenEndpoint()
    await kit.makeTopic("secrecy")
    var variables = kit.variables.filter { test.keys.contains("${\($0.key)}") }
    let secrets = variables.keys.filter(isSecret)
    if !isRight {
      if secrets.isEmpty { return }
      for name in secrets { variables[name] = Self.wrong }
    }
    variables["BROKER"] = kit[test.listener]
    variables["AWS_ENDPOINT_URL_STS"] = kit["AWS_ENDPOINT_URL_STS"]
    let folder = try await KafkaListenerTests.project(test, kit, topic: "secrecy")
    try write(variables, to: folder)
    var said = ""
    for line in Self.lines {
      let outcome = await folder.run("\(line) --log-level trace")
      if Self.known.contains(line) {
        #expect(outcome.code != .usage, "\(line): \(outcome.errors)")
      }
      said += outcome.output + outcome.errors
      if !isRight, line == "run" { #expect(outcome.code == .failed) }
    }
    said += Self.states(folder)
    for name in secrets {
      for shape in shapes(of: variables[name] ?? "") {
        #expect(!said.contains(shape), "\(name) is shown")
      }
    }
    for shape in Self.derived { #expect(!said.contains(shape), "\(shape) is shown") }
    #expect(said.contains(" trace "))
    #expect(said.contains("Client configuration") == (test.name == "debug-all"))
  }

  @Test(.enabled(if: Shell.program("sluice") != nil, "the program itself is not built"))
  func `no process carries a secret in its command line or environment`() async throws {
    let kit = try #require(await KafkaKit.start())
    await kit.makeTopic("secrecy")
    let program = try #require(Shell.program("sluice"))
    let test = KafkaListenerTests.Case(
      name: "command",
      listener: "KAFKA_OAUTH",
      keys: """
        ca: ${KAFKA_CA}
        sasl: {mechanism: oauthbearer, command: "sleep 1; cat token.txt"}
        properties: {client.rack: "${RACK_SECRET}"}
        """
    )
    let folder = try await KafkaListenerTests.project(test, kit, topic: "secrecy")
    try folder.write(Self.wrong, to: "token.txt")
    let hidden = "r4ck-s3cr3t"
    // Not in the script: for a moment the program is still bash, and shows it as its own.
    try folder.write("RACK_SECRET=\(hidden)\n", to: "rack.env")
    try write(["KAFKA_CA": kit["KAFKA_CA"], "BROKER": kit["KAFKA_OAUTH"]], to: folder)
    let (_, output, errors) = await Shell.run(
      """
      cd \(folder.path)
      set -a; . ./rack.env; set +a
      \(program) check --connect --log-level trace & sluice=$!
      while kill -0 $sluice 2>/dev/null; do
        tr '\\0' ' ' </proc/$sluice/cmdline
        for process in $(cat /proc/$sluice/task/*/children 2>/dev/null); do
          # Until it becomes another program, a child shows what its parent has.
          [ "$(readlink /proc/$process/exe)" != "$(readlink /proc/$sluice/exe)" ] || continue
          tr '\\0' ' ' </proc/$process/cmdline; tr '\\0' ' ' </proc/$process/environ
        done 2>/dev/null
        sleep 0.05
      done
      wait $sluice
      """
    )
    let seen = output + errors
    #expect(seen.contains("cat token.txt"), "\(seen)")
    for shape in shapes(of: Self.wrong) + [hidden] { #expect(!seen.contains(shape)) }
  }

  @Test(.enabled(if: PostgresCluster.isInstalled, "no Postgres here"), arguments: ["right", wrong])
  func `no command shows the password of a source`(_ password: String) async throws {
    let cluster = try #require(PostgresCluster.shared)
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    try folder.write(
      """
      sources:
        db: {type: postgres, host: 127.0.0.1, port: \(cluster.port), dbname: postgres,
             user: locked, password: "${DATABASE_PASSWORD}"}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      to: "sluice.yml"
    )
    try folder.write(
      "-- ---\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
      to: "models/customers.sql"
    )
    try write(["DATABASE_PASSWORD": password], to: folder)
    var said = ""
    for line in Self.lines {
      let outcome = await folder.run("\(line) --log-level trace")
      said += outcome.output + outcome.errors
    }
    said += Self.states(folder)
    // "right" is a word of hints as well: only the wrong one can be looked for as it is.
    if password == Self.wrong {
      for shape in shapes(of: password) { #expect(!said.contains(shape)) }
    } else {
      #expect(!said.contains("password=right") && !said.contains(":right@"))
    }
  }
}
