import CommandLineInterface
import Foundation
import SQLite
import Testing

/// `sluice doctor`: enough for a bug report, and nothing that must not leave.
@Suite struct DoctorTests {
  private static let secret = "hunter2-hunter2-hunter2"

  private func project() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    return folder
  }

  @Test func `it works without a project`() async throws {
    let outcome = try await TemporaryFolder().run("doctor")
    #expect(outcome.code == .done, "\(outcome.errors)")
    for word in ["librdkafka", "OpenSSL", "kernel", "open files", "no project here"] {
      #expect(outcome.output.contains(word), "\(word)")
    }
  }

  @Test(arguments: ["doctor", "doctor --output json"])
  func `it shows keys and formats, and no value, literal or not`(_ line: String) async throws {
    let folder = try await project()
    #expect(await folder.run("run --quiet").code == .done)
    try folder.write(
      """
      destinations:
        events:
          brokers: topsecret-host:9092
          sasl: {mechanism: plain, username: topsecret-user, password: \(Self.secret)}
          properties: {client.rack: "${RACK}"}
      """,
      to: "sluice.prod.yml"
    )
    try folder.write("RACK=\(Self.secret)", to: ".env.prod")
    let outcome = await folder.run(line + " --env prod")
    #expect(outcome.code == .done, "\(outcome.errors)")
    for word in [
      "destinations.events.sasl.password: a text",
      "destinations.events.properties.client.rack: a reference", "sources.shop.path: a text",
      "triggers[0]: a text", "types.active: a text", "primary_key: a text",
      line == "doctor" ? "no state yet" : "\"format\":null",
    ] {
      #expect(outcome.output.contains(word), "\(word): \(outcome.output)")
    }
    for word in ["hunter2", "topsecret", "shop.db", "ada@"] {
      #expect(!(outcome.output + outcome.errors).contains(word), "\(word)")
    }
    // A number, whichever migration is the newest.
    let output = await folder.run(line).output
    #expect(
      line == "doctor"
        ? output.contains(/state of customers  format [1-9]/) : output.contains(/"format":[1-9]/)
    )
  }

  @Test func `it tells of files with errors and of states that cannot be read`() async throws {
    let folder = try await project()
    try folder.write(String(repeating: "no database ", count: 1000), to: "state/customers.db")
    try folder.write("model: [\n", to: "syncs/broken.yml")
    try folder.write("model: customers\ntopic: t\nbogus: \(Self.secret)", to: "syncs/other.yml")
    let outcome = await folder.run("doctor")
    #expect(outcome.code == .done)
    #expect(outcome.output.contains("file is not a database"), "\(outcome.output)")
    #expect(!outcome.output.contains(folder.path), "a path tells who somebody is")
    #expect(outcome.output.contains("bogus: a text"))
    #expect(!outcome.output.contains("hunter2"))
    #expect(!outcome.output.contains("errors in files  0"))
  }

  @Test func `it tells the format of a state that a newer Sluice wrote`() async throws {
    let folder = try await project()
    #expect(await folder.run("run --quiet").code == .done)
    let state = folder.path + "/state/customers.db"
    try SQLiteConnection(path: state, mode: .readWrite).execute("PRAGMA user_version = 99")
    #expect(await folder.run("doctor").output.contains("state of customers  format 99"))
  }

  @Test func `it runs no program for a secret`() async throws {
    let folder = try await project()
    let text = try folder.read("sluice.yml")
    try folder.write(
      text.replacingOccurrences(of: "path: demo/shop.db", with: "path: '${command:touch ran}'"),
      to: "sluice.yml"
    )
    let outcome = await folder.run("doctor")
    #expect(outcome.output.contains("sources.shop.path: a reference"), "\(outcome.output)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/ran"))
  }
}
