import CommandLineInterface
import Foundation
import Testing

/// Commands with `--env`: states apart, every environment checked, nothing sent twice by a switch.
@Suite struct EnvironmentCommandTests {
  private func project(_ files: [String: String] = [:]) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    try folder.write("destinations: {local: {client_id: staging}}", to: "sluice.staging.yml")
    for (name, text) in files { try folder.write(text, to: name) }
    return folder
  }

  private func destination(_ folder: TemporaryFolder) throws -> String {
    let text = try folder.read("sluice.yml")
    let line = text.split(separator: "\n").drop { $0 != "destinations:" }.dropFirst().first ?? ""
    return line.split(separator: ":").first?.trimmingCharacters(in: .whitespaces) ?? ""
  }

  private func exists(_ folder: TemporaryFolder, _ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.path + "/" + path)
  }

  @Test func `each environment delivers by itself`() async throws {
    let folder = try await project()
    try folder.write("timezone: UTC", to: "sluice.staging.yml")
    let first = await folder.run("run --env staging")
    #expect(first.code == .done, "\(first.errors)")
    #expect(first.errors.contains("4 messages sent"))
    #expect(exists(folder, "state/staging/customers.db"))
    #expect(!exists(folder, "state/customers.db"))
    let base = await folder.run("run")
    #expect(base.errors.contains("4 messages sent"))
    let second = await folder.run("run", environment: ["SLUICE_ENV": "staging"])
    #expect(second.errors.contains("nothing changed"))
    let chosen = await folder.run("status --env staging", environment: ["SLUICE_ENV": "other"])
    #expect(chosen.code == .done, "\(chosen.errors)")
  }

  @Test(arguments: ["run", "plan", "backfill customers"])
  func `a state left outside of the environment stops a run before all rows leave again`(
    _ command: String
  ) async throws {
    let folder = try await project(["sluice.staging.yml": "timezone: UTC"])
    #expect(await folder.run("run --quiet").code == .done)
    let stopped = await folder.run("\(command) --env staging")
    #expect(stopped.code == .configuration, "\(stopped.errors)")
    #expect(!stopped.output.contains("\"topic\""))
    #expect(stopped.errors.contains("--fresh-state"))
    let hint = try #require(stopped.errors.firstRange(of: "mkdir -p"))
    let line = stopped.errors[hint.lowerBound...].prefix { $0 != "\n" }
    let typed = line.components(separatedBy: " - or")[0]
    #expect(await folder.run("\(command) --env staging --fresh-state").code == .done)
    try? FileManager.default.removeItem(atPath: folder.path + "/state/staging")
    let shell = try Process.run(URL(fileURLWithPath: "/bin/sh"), arguments: ["-c", typed])
    shell.waitUntilExit()
    let taken = await folder.run("run --env staging")
    #expect(taken.code == .done)
    #expect(taken.errors.contains("nothing changed"), "\(taken.errors)")
  }

  @Test func `check looks at every environment, and at one that is named`() async throws {
    let folder = try await project([
      "sluice.staging.yml": "timezone: UTC", "sluice.prod.yml": "timezone: Nowhere/Here",
    ])
    let all = await folder.run("check")
    #expect(all.code == .configuration)
    #expect(all.errors.contains("sluice.prod.yml:1:11: error: unknown time zone"))
    #expect(all.output.contains("environment staging: 1 sync"))
    #expect(!all.output.contains("environment prod:"))
    #expect(await folder.run("check --env staging").code == .done)
    let document = await folder.run("check --output json")
    #expect(document.output.contains("\"ok\":false"))
  }

  @Test func `what only an environment gets wrong names it, and what all get wrong is told once`()
    async throws
  {
    let folder = try await project([
      "syncs/bad.yml": "model: customers\ntopic: t\nbogus: 1\nkey: {primary_key: true}"
    ])
    let name = try destination(folder)
    try folder.write("defaults: {destination: nowhere}", to: "sluice.staging.yml")
    let all = await folder.run("check")
    #expect(!name.isEmpty)
    #expect(all.errors.components(separatedBy: "unknown key 'bogus'").count == 2, "\(all.errors)")
    #expect(all.errors.contains("sluice.staging.yml:1:25"), "\(all.errors)")
  }

  @Test func `a project that asks for an environment is checked in those only`() async throws {
    let folder = try await project(["sluice.staging.yml": "timezone: UTC"])
    let text = try folder.read("sluice.yml") + "\nenvironments: {required: true}\n"
    try folder.write(text, to: "sluice.yml")
    for line in ["run", "status", "plan", "crontab", "errors customers"] {
      let refused = await folder.run(line)
      #expect(refused.code == .configuration, "\(line)")
      #expect(refused.errors.contains("--env NAME"), "\(line): \(refused.errors)")
    }
    let checked = await folder.run("check")
    #expect(checked.code == .done, "\(checked.errors)")
    #expect(checked.output.contains("environment staging: 1 sync"))
    #expect(checked.output.components(separatedBy: "1 sync").count == 2)
  }

  @Test(arguments: ["--env pord", "--env ../x", "--env a/b"])
  func `a name that is none is refused`(_ words: String) async throws {
    let folder = try await project(["sluice.prod.yml": ""])
    let outcome = await folder.run("run \(words)")
    #expect(outcome.code == (words.contains("pord") ? .configuration : .usage), "\(outcome.errors)")
    if words.contains("pord") { #expect(outcome.errors.contains("did you mean 'prod'?")) }
    #expect(!exists(folder, "state"))
  }

  @Test func `each environment has its own lines of cron`() async throws {
    let folder = try await project(["sluice.staging.yml": "timezone: UTC"])
    try folder.write(
      "model: customers\ntopic: t\nkey: {primary_key: true}\nschedule: '*/5 * * * *'",
      to: "syncs/customers.yml"
    )
    let outcome = await folder.run("crontab --env staging")
    #expect(outcome.output.contains(" --env staging run customers --if-running skip"))
    #expect(outcome.output.contains("# BEGIN sluice \(folder.path) --env staging\n"))
    let plain = await folder.run("crontab")
    #expect(plain.output.contains("# BEGIN sluice \(folder.path)\n"))
  }
}
