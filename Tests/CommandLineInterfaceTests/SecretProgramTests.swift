import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// Real programs that print secrets.
@Suite struct SecretProgramTests {
  /// The example, whose database is named by what `script` prints.
  private func project(_ script: String) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    let text = try folder.read("sluice.yml")
    try folder.write(
      text.replacingOccurrences(
        of: "path: demo/shop.db",
        with: "path: \"${command:./secret 'a b'}\""
      ),
      to: "sluice.yml"
    )
    try folder.write("#!/bin/sh\n" + script, to: "secret")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755],
      ofItemAtPath: folder.path + "/secret"
    )
    return folder
  }

  private func calls(_ folder: TemporaryFolder) -> Int {
    ((try? folder.read("calls")) ?? "").split(separator: "\n").count
  }

  private static let good =
    "echo call >> calls; [ \"$1\" = 'a b' ] && read x; echo demo/shop.db"

  @Test func `a program runs in the project for a command that connects, once`() async throws {
    let folder = try await project(Self.good)
    try folder.write(try folder.read("syncs/customers.yml"), to: "syncs/second.yml")
    let outcome = await folder.run("run")
    #expect(outcome.code == .done, "\(outcome.errors)")
    #expect(calls(folder) == 1)
    #expect(outcome.errors.contains("from the command secret"))
    #expect(!outcome.errors.contains("demo/shop.db"))
    #expect(await folder.run("plan").code == .done)
    #expect(await folder.run("check --connect").code == .done)
    #expect(calls(folder) == 1, "one process asks once")
  }

  @Test(arguments: [
    "check", "status", "runs", "test", "errors customers", "state info customers", "crontab",
    "messages customers",
  ])
  func `a program does not run for a command that connects to nothing`(
    _ line: String
  )
    async throws
  {
    let folder = try await project("exit 1")
    let outcome = await folder.run(line)
    #expect(!outcome.errors.contains("'./secret'"), "\(outcome.errors)")
    #expect(
      outcome.code == .done || line.hasPrefix("state") || line.hasPrefix("errors")
        || line.hasPrefix("messages")
    )
    if line == "check" {
      #expect(outcome.errors.contains("source shop: from the command secret, not run"))
    }
  }

  @Test(arguments: [
    (
      "echo 'no session: hunter2-hunter2' >&2; echo hunter2-hunter2; exit 7",
      "failed (code 7): no session: ***"
    ),
    ("kill -9 $$", "failed (code 137)"), ("printf '\\377'", "printed no UTF-8 text"),
    ("head -c 70000 /dev/zero", "printed more than 64 KiB"),
  ])
  func `a program that fails ends a run with 1`(_ script: String, _ message: String) async throws {
    let folder = try await project(script)
    for line in ["run", "plan", "check --connect", "inspect customers", "backfill customers"] {
      let outcome = await folder.run(line)
      #expect(outcome.code == .failed, "\(line): \(outcome.errors)")
      #expect(outcome.errors.contains("the command './secret' \(message)"), "\(outcome.errors)")
      #expect(!(outcome.output + outcome.errors).contains("hunter2"))
    }
    let missing = try await project(script)
    try FileManager.default.removeItem(atPath: missing.path + "/secret")
    let outcome = await missing.run("run")
    #expect(outcome.code == .failed)
    #expect(outcome.errors.contains("cannot be run: No such file or directory"))
  }

  @Test(arguments: ["KILL", "TERM"])
  func `a program dies with the run`(_ signal: String) async throws {
    let sluice = try #require(Shell.program("sluice"))
    let folder = try await project("echo $$ > pid.new; mv pid.new pid; exec tail -f /dev/null")
    // Bash waits without sleeping; the program ends a moment after the run.
    let (_, output, _) = await Shell.run(
      """
      cd '\(folder.path)'; '\(sluice)' run > out 2>&1 & child=$!
      until [ -e pid ]; do :; done
      kill -\(signal) $child; wait $child
      for try in {1..100000}; do kill -0 "$(<pid)" 2>/dev/null || { echo gone; break; }; done
      """
    )
    #expect(output.contains("gone"), "\(output)")
  }
}
