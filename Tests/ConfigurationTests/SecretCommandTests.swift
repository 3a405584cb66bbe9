import Configuration
import Foundation
import Settings
import Synchronization
import Testing

/// `${command:…}` and `${credential:…}`: when, how and for whom.
@Suite struct SecretCommandTests {
  /// Commands that ran, and what they are to print.
  private final class Programs: Sendable {
    private let seen = Mutex<[SecretCommand]>([])
    let answer: Result<String, SecretCommand.Failure>

    init(_ answer: Result<String, SecretCommand.Failure> = .success("s3cret-value\n")) {
      self.answer = answer
    }

    var ran: [SecretCommand] { seen.withLock { $0 } }

    var runner: SecretCommand.Runner {
      SecretCommand.Runner { command in
        self.seen.withLock { $0.append(command) }
        return self.answer
      }
    }
  }

  private static let files = [
    "sluice.yml": """
    sources:
      shop: {type: sqlite, path: shop.db}
      other: {type: postgres, url: "${command:vault get other}"}
    destinations:
      events: {type: kafka, brokers: embedded, client_id: "${command:vault get 'a b' c\\\\ d}"}
      more: {type: kafka, brokers: embedded, client_id: "${command:vault get 'a b' c\\\\ d}"}
    commands: {environment: [TOKEN]}
    """,
    ".env": "TOKEN=from-file\nUNLISTED=x\n",
    "models/customers.sql": "-- ---\n-- source: shop\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
    "models/far.sql": "-- ---\n-- source: other\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
    "syncs/customers.yml": "model: customers\ndestination: events\ntopic: t\nkey: {column: id}",
    "syncs/second.yml": "model: customers\ndestination: more\ntopic: t\nkey: {column: id}",
    "syncs/far.yml": "model: far\ndestination: events\ntopic: t\nkey: {column: id}",
  ]

  private func load(
    _ programs: Programs,
    _ scope: Configuration.Scope,
    _ files: [String: String] = [:],
    environment: [String: String] = [:]
  ) throws -> Configuration.Result {
    let project = try TemporaryProject(Self.files.merging(files) { _, new in new })
    return Configuration.load(
      directory: project.directory,
      environment: environment,
      commands: programs.runner,
      scope: scope
    )
  }

  @Test func `only the commands of the selected syncs run, each once`() throws {
    let programs = Programs()
    let one = Configuration.Scope(
      .syncs(names: ["customers", "second"], tags: []),
      connects: .selected
    )
    let settings = try #require(try load(programs, one).settings)
    #expect(programs.ran.map(\.words) == [["vault", "get", "a b", "c d"]])
    #expect(settings.destinations["events"]?.clientID == "s3cret-value")
    #expect(settings.secrets.contains(Secret("s3cret-value")))
    #expect(
      settings.variables.connections[.destination("events")] == [
        VariableUse("vault", .command(hasRun: true))
      ]
    )
  }

  @Test(arguments: [true, false])
  func `nothing runs where nothing is connected to, and nothing is missed`(
    _ isOffline: Bool
  )
    throws
  {
    let programs = Programs()
    for selection in [
      Configuration.Scope.Selection.everything, .syncs(names: ["far"], tags: []), .model("far"),
    ] {
      let result = try load(programs, Configuration.Scope(selection, isOffline: isOffline))
      #expect(result.settings != nil)
      #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
      #expect(result.unreadable == [])
    }
    #expect(programs.ran.isEmpty)
  }

  @Test func `a command sees no secret but those that are listed`() throws {
    let programs = Programs()
    let environment = ["PASSWORD": "hunter2-hunter2", "TOKEN": "from-process", "PLAIN": "1"]
    let files = [
      "sluice.yml": Self.files["sluice.yml", default: ""].replacingOccurrences(
        of: "path: shop.db}",
        with: "path: shop.db}\n  pg: {type: postgres, dbname: d, password: \"${PASSWORD}\"}"
      )
    ]
    let scope = Configuration.Scope(.syncs(names: ["customers"], tags: []), connects: .selected)
    _ = try load(programs, scope, files, environment: environment)
    #expect(programs.ran.first?.environment == ["TOKEN": "from-process", "PLAIN": "1"])
    _ = try load(programs, scope, files, environment: ["PASSWORD": "hunter2-hunter2"])
    #expect(programs.ran.last?.environment == ["TOKEN": "from-file"])
  }

  @Test func `a command that fails stops the syncs that need it, and a file is not to blame`()
    throws
  {
    let failure = SecretCommand.Failure(
      "failed (code 3)",
      errors: "no session for from-file\nlog in\u{1B}[31m\n",
      output: "half-of-a-secret"
    )
    let programs = Programs(.failure(failure))
    let scope = Configuration.Scope(.syncs(names: [], tags: []), connects: .selected)
    let files = [
      "syncs/plain.yml": "model: customers\ndestination: plain\ntopic: t\nkey: {column: id}",
      "sluice.yml": Self.files["sluice.yml", default: ""].replacingOccurrences(
        of: "destinations:",
        with: "destinations:\n  plain: {type: kafka, brokers: embedded}"
      ),
    ]
    let result = try load(programs, scope, files)
    #expect(result.settings?.syncs.map(\.name) == ["plain"])
    #expect(result.unreadable == ["customers", "far", "second"])
    #expect(result.withoutSecret == result.unreadable)
    let told = result.diagnostics.map(\.message)
    #expect(
      told.first == "the command 'vault' failed (code 3): no session for ***; log in\u{FFFD}[31m"
    )
    #expect(!result.diagnostics.contains { !$0.isCommandFailure })
    #expect(result.diagnostics.first?.location?.line == 3)
  }

  @Test(arguments: [
    ("${command:}", "the program is missing"), ("${command: ''}", "the program is missing"),
    ("${command:a 'b}", "the '}' of this reference is missing"),
    ("${credential:../x}", "is not the name of a credential"),
    ("${credential:}", "is not the name of a credential"),
  ])
  func `a reference that names nothing is an error with its place`(
    _ reference: String,
    _ message: String
  ) throws {
    let text =
      "sources: {shop: {type: sqlite, path: \"\(reference)\"}}\n"
      + "destinations: {events: {type: kafka, brokers: embedded}}"
    let project = try TemporaryProject(["sluice.yml": text])
    let result = project.load()
    #expect(result.settings == nil)
    let found = result.diagnostics.first { $0.message.contains(message) }
    #expect(found?.location?.line == 1, "\(result.diagnostics)")
  }

  @Test func `a command is refused outside of connections`() throws {
    let project = try TemporaryProject([
      "syncs/customers.yml": "model: customers\ntopic: \"${command:date}\"\nkey: {column: id}"
    ])
    let result = project.load()
    #expect(
      result.diagnostics.first?.message
        == "a command is run only for sources, destinations and alerts"
    )
    #expect(result.diagnostics.first?.location?.line == 2)
  }

  @Test func `braces and quotes of a command need no quotes of YAML`() throws {
    let programs = Programs()
    let files = [
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations:
        events: {type: kafka, brokers: embedded, client_id: ${command:v -f '{{.A}}, [x]' "a\\"b}"}}
      """
    ]
    let project = try TemporaryProject(files)
    let result = Configuration.load(
      directory: project.directory,
      environment: [:],
      commands: programs.runner,
      scope: Configuration.Scope(.everything, connects: .all)
    )
    #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    #expect(programs.ran.map(\.words) == [["v", "-f", "{{.A}}, [x]", "a\"b}"]])
  }

  @Test func `what a command prints is not expanded, and only its last newline goes`() throws {
    let programs = Programs(.success("${HOME} $${x}\n\n"))
    let scope = Configuration.Scope(.syncs(names: ["customers"], tags: []), connects: .selected)
    let settings = try load(programs, scope, environment: ["HOME": "/h"]).settings
    #expect(settings?.destinations["events"]?.clientID == "${HOME} $${x}\n")
  }

  @Test func `a credential is a file of systemd's folder, and a secret`() throws {
    let project = try TemporaryProject([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded, client_id: "${credential:kafka.id}"}}
      """,
      "credentials/kafka.id": "the-identity\n",
      ".env": "CREDENTIALS_DIRECTORY=/elsewhere",
    ])
    let folder = project.directory + "/credentials"
    let settings = project.load(["CREDENTIALS_DIRECTORY": folder]).settings
    #expect(settings?.destinations["events"]?.clientID == "the-identity")
    #expect(settings?.secrets == [Secret("the-identity")])
    #expect(
      settings?.variables.connections == [
        .destination("events"): [VariableUse("kafka.id", .credential(isPassed: true))]
      ]
    )
    let unset = project.load()
    #expect(unset.settings == nil)
    #expect(unset.diagnostics.first?.hint?.contains("LoadCredential=kafka.id:PATH") == true)
    let missing = project.load(["CREDENTIALS_DIRECTORY": "/nowhere"])
    #expect(
      missing.diagnostics.first?.message.contains("credential 'kafka.id' cannot be read") == true
    )
  }
}
