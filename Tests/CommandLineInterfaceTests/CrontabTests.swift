import CommandLineInterface
import Foundation
import State
import TestSupport
import Testing

/// `sluice crontab` beside a stand-in for the program `crontab`, which keeps its file in HOME.
@Suite struct CrontabTests {
  private static let program = """
    #!/bin/bash
    # The crontab is the file HOME/tab; HOME/fail holds what to say in place of reading it.
    [ "$(cat "$HOME/fail" 2>/dev/null)" ] && { cat "$HOME/fail" >&2; exit 1; }
    case $1 in
      -l) [ -e "$HOME/tab" ] || { echo "no crontab for $USER" >&2; exit 1; }; cat "$HOME/tab";;
      -)  echo written >> "$HOME/writes"; cat > "$HOME/new"
          grep -q 'bad minute' "$HOME/new" && { echo 'errors in crontab file' >&2; exit 1; }
          env > "$HOME/environment"; mv "$HOME/new" "$HOME/tab";;
    esac
    """

  private struct Place {
    let folder: TemporaryFolder
    let environment: [String: String]

    func run(_ line: String) async -> Outcome { await folder.run(line, environment: environment) }
    func read(_ name: String) -> String? { try? folder.read("home/\(name)") }
  }

  private func place(_ projects: [String], tab: String? = nil) async throws -> Place {
    let folder = try TemporaryFolder(["bin/crontab": Self.program, "home/none": ""])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755],
      ofItemAtPath: folder.path + "/bin/crontab"
    )
    if let tab { try folder.write(tab, to: "home/tab") }
    for name in projects {
      #expect(await folder.run("init --quiet \(name)").code == .done)
      try folder.write(Self.sync("*/5 * * * *"), to: "\(name)/syncs/customers.yml")
    }
    let environment = [
      "PATH": "\(folder.path)/bin:/usr/bin:/bin", "HOME": folder.path + "/home", "USER": "ada",
      "KAFKA_PASSWORD": "hunter2-hunter2",
    ]
    return Place(folder: folder, environment: environment)
  }

  private static func sync(_ schedule: String) -> String {
    "model: customers\ntopic: t\nkey: {primary_key: true}\nschedule: '\(schedule)'\n"
  }

  private static let mine = "# mine\n0 1 * * * backup # \u{FC}\n\n@reboot x %"

  @Test func `installing a block leaves every other line as it was`() async throws {
    let place = try await place(["a", "b"], tab: Self.mine)
    for name in ["a", "b", "a", "b"] {
      #expect(await place.run("crontab -C \(name) --install").code == .done)
    }
    let tab = try #require(place.read("tab"))
    #expect(tab.hasPrefix(Self.mine + "\n# BEGIN sluice "))
    #expect(tab.components(separatedBy: "run customers --if-running skip --quiet").count == 3)
    #expect(place.read("writes") == "written\nwritten\n")
    #expect(place.read("environment")?.contains("hunter2") == false)
    #expect(await place.run("crontab -C a --remove").code == .done)
    let rest = try #require(place.read("tab"))
    #expect(rest.hasPrefix(Self.mine + "\n# BEGIN sluice ") && rest.contains("/b run customers"))
    #expect(await place.run("crontab -C b --remove").code == .done)
    #expect(place.read("tab") == Self.mine + "\n")
  }

  @Test func `a block in the middle is replaced where it is`() async throws {
    let place = try await place(["a"])
    #expect(await place.run("crontab -C a --install").code == .done)
    let block = try #require(place.read("tab"))
    try place.folder.write("first\n" + block + "last", to: "home/tab")
    try place.folder.write(Self.sync("7 3 * * *"), to: "a/syncs/customers.yml")
    #expect(await place.run("crontab -C a --install").code == .done)
    let new = try #require(place.read("tab"))
    #expect(new == "first\n" + block.replacingOccurrences(of: "*/5 *", with: "7 3") + "last")
    try place.folder.write("model: customers\ntopic: t\n", to: "a/syncs/customers.yml")
    #expect(await place.run("crontab -C a --install").code == .done)
    #expect(place.read("tab") == "first\nlast")
  }

  @Test func `the block is the project's, whatever way its folder is named`() async throws {
    let place = try await place(["a"])
    try FileManager.default.createSymbolicLink(
      atPath: place.folder.path + "/link",
      withDestinationPath: place.folder.path + "/a"
    )
    #expect(await place.run("crontab -C a --install").code == .done)
    let tab = place.read("tab")
    let again = await place.run("crontab -C link --install")
    #expect(again.output.contains("already"))
    #expect(place.read("tab") == tab)
    #expect(await place.run("crontab -C link").output == tab)
  }

  @Test func `a sync that cannot be read leaves the crontab alone`() async throws {
    let place = try await place(["a"], tab: "0 1 * * * backup\n")
    #expect(await place.run("crontab -C a --install").code == .done)
    let tab = place.read("tab")
    try place.folder.write("model: [", to: "a/syncs/other.yml")
    #expect(await place.run("crontab -C a --install").code == .configuration)
    #expect(place.read("tab") == tab)
    #expect(await place.run("crontab -C a --remove").code == .done)
    #expect(place.read("tab") == "0 1 * * * backup\n")
  }

  @Test(arguments: [
    "You (ada) are not allowed to use this program (crontab)", "crontab: can't open: I/O error",
    "no crontab program for this host",
  ])
  func `a crontab that cannot be read is not taken for an empty one`(
    _ reason: String
  )
    async throws
  {
    let place = try await place(["a"], tab: "0 1 * * * backup\n")
    try place.folder.write(reason, to: "home/fail")
    for option in ["--install", "--remove"] {
      let outcome = await place.run("crontab -C a \(option)")
      #expect(outcome.code == .failed)
      #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    }
    #expect(place.read("tab") == "0 1 * * * backup\n")
    #expect(place.read("writes") == nil)
  }

  @Test func `a block that was cut in two is not guessed at`() async throws {
    let place = try await place(["a"])
    #expect(await place.run("crontab -C a --install").code == .done)
    let block = try #require(place.read("tab"))
    let half = block.split(separator: "\n").dropLast().joined(separator: "\n") + "\n0 1 * * * b\n"
    for damaged in [half, block + block] {
      try place.folder.write(damaged, to: "home/tab")
      let outcome = await place.run("crontab -C a --install")
      #expect(outcome.code == .configuration)
      #expect(outcome.errors.contains("of your crontab: "), "\(outcome.errors)")
      #expect(place.read("tab") == damaged)
    }
  }

  @Test func `what crontab refuses is told, and so is that there is no such program`() async throws
  {
    let place = try await place(["a"], tab: "bad minute\n")
    let refused = await place.run("crontab -C a --install")
    #expect(refused.code == .failed)
    #expect(refused.errors.contains("errors in crontab file"))
    #expect(place.read("tab") == "bad minute\n")
    let none = await place.folder.run(
      "crontab -C a --install",
      environment: ["PATH": place.folder.path + "/home"]
    )
    #expect(none.code == .failed)
    #expect(none.errors.contains("no program 'crontab' on PATH"))
    #expect(await place.run("crontab -C a --install --remove").code == .usage)
  }

  @Test func `a run that cron starts too early ends silently`() async throws {
    let place = try await place(["a"])
    #expect(await place.run("run -C a --quiet").code == .done)
    let lock = try #require(try RunLock(path: place.folder.path + "/a/state/customers.lock"))
    defer { withExtendedLifetime(lock) {} }
    let busy = await place.run("run -C a")
    #expect(busy.code == .alreadyRunning)
    #expect(busy.errors.contains("'--if-running skip'"))
    let skipped = await place.run("run -C a --if-running skip")
    #expect(skipped.code == .done)
    #expect(skipped.output + skipped.errors == "")
    let json = await place.run("run -C a --if-running skip --output json")
    #expect(json.output.contains("\"outcome\":\"skipped\""))
  }
}
