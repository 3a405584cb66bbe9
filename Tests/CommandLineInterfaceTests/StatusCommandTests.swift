import CommandLineInterface
import Foundation
import SQLite
import State
import Testing

/// What `status` and `runs` say of states that are read, written, damaged or not there.
@Suite struct StatusCommandTests {
  private func project() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    return folder
  }

  /// Leaves the history as a run does that began and did not end.
  private func begin(_ folder: TemporaryFolder) async throws {
    let state = try await StateFile.open(path: folder.path + "/state/customers.db", mode: .existing)
    _ = try await state.beginRun(id: "run_x", command: "run", startedAt: 1_700_000_000_000_000)
  }

  @Test func `a project that never ran has no state yet, and that is not a failure`() async throws {
    let folder = try await project()
    let outcome = await folder.run("status")
    #expect(outcome.code == .done)
    #expect(outcome.output.contains("no state yet"))
    #expect(outcome.errors == "")
  }

  @Test(arguments: ["a folder", "another file", "a file in place of the folder", "no database"])
  func `a state that cannot be read is not taken for none`(kind: String) async throws {
    let folder = try await project()
    let path = folder.path + "/state/customers.db"
    switch kind {
    case "a folder":
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    case "another file":
      try FileManager.default.createDirectory(
        atPath: folder.path + "/state",
        withIntermediateDirectories: true
      )
      try SQLiteConnection(path: path, mode: .create).execute("CREATE TABLE t (a)")
    case "a file in place of the folder": try folder.write("x", to: "state")
    default:
      try folder.write(String(repeating: "no database ", count: 1000), to: "state/customers.db")
    }
    for line in [
      "status", "runs", "status --output json", "runs --output json", "errors customers",
    ] {
      let outcome = await folder.run(line)
      #expect(outcome.code == .failed, "\(line)")
      #expect(!outcome.output.contains("no state yet"), "\(line): \(outcome.output)")
      #expect(outcome.errors.contains("the state of sync 'customers' cannot be read: "), "\(line)")
    }
    #expect(await folder.run("status").output.contains("cannot be read"))
  }

  @Test func `one state that cannot be read does not hide the others`() async throws {
    let folder = try await project()
    try folder.write(try folder.read("syncs/customers.yml"), to: "syncs/others.yml")
    #expect(await folder.run("run --quiet").code == .done)
    try folder.write("damaged, and long enough to be told", to: "state/others.db")
    for line in ["status", "runs"] {
      let outcome = await folder.run(line)
      #expect(outcome.code == .failed)
      #expect(outcome.output.contains("customers"), "\(outcome.output)")
    }
  }

  @Test func `a run under way is running since it began, and one that was killed interrupted`()
    async throws
  {
    let folder = try await project()
    #expect(await folder.run("run --quiet").code == .done)
    try await begin(folder)
    let killed = await folder.run("status")
    #expect(killed.output.contains("interrupted"), "\(killed.output)")
    #expect(await folder.run("runs").output.contains("interrupted"))
    let lock = try RunLock(path: folder.path + "/state/customers.lock")
    #expect(lock != nil)
    let running = await folder.run("status")
    #expect(running.code == .done)
    #expect(running.output.contains("running since 2023-11-14 22:13:20"), "\(running.output)")
    #expect(!running.output.contains("unfinished"))
    #expect(await folder.run("runs").output.contains("running"))
    let json = await folder.run("status --output json").output
    #expect(json.contains(#""outcome":"running""#), "\(json)")
    withExtendedLifetime(lock) {}
  }

  @Test func `asking whether a run is under way keeps no run away`() async throws {
    let folder = try await project()
    let path = folder.path + "/a.lock"
    #expect(try !RunLock.isHeld(path: path))
    #expect(!FileManager.default.fileExists(atPath: path))
    do {
      let lock = try #require(try RunLock(path: path))
      #expect(try RunLock.isHeld(path: path))
      #expect(try RunLock(path: path) == nil)
      // Neither the look nor the vain attempt gave it up.
      #expect(try RunLock.isHeld(path: path))
      withExtendedLifetime(lock) {}
    }
    #expect(try !RunLock.isHeld(path: path))
    #expect(try RunLock(path: path) != nil)
  }

  @Test func `an initial sync that is skipped says what it remembered`() async throws {
    let folder = try await project()
    try folder.write(
      try folder.read("syncs/customers.yml") + "\ninitial_sync: skip\n",
      to: "syncs/customers.yml"
    )
    let outcome = await folder.run("run")
    #expect(outcome.code == .done)
    #expect(
      outcome.errors.contains("4 rows read; 4 remembered, none sent"),
      "\(outcome.errors)"
    )
    #expect(outcome.errors.contains("`initial_sync: skip` remembers"))
    let second = await folder.run("run")
    #expect(second.errors.contains("nothing changed"))
  }

  @Test func `settings that changed are told by the first run after it`() async throws {
    let folder = try await project()
    #expect(await folder.run("run").code == .done)
    let original = try folder.read("syncs/customers.yml")
    let told = "`sluice backfill customers --changed-messages` sends those that differ"
    #expect(!(await folder.run("run").errors.contains(told)))
    try folder.write(original + "\nheaders: {origin: sluice}\n", to: "syncs/customers.yml")
    #expect(await folder.run("plan").output.contains(told))
    let first = await folder.run("run")
    #expect(first.code == .done)
    #expect(
      first.errors.contains("warning: topic, key, headers or message changed"),
      "\(first.errors)"
    )
    #expect(!(await folder.run("run").errors.contains(told)))
    try folder.write(original, to: "syncs/customers.yml")
    #expect(!(await folder.run("run").errors.contains(told)))
    try folder.write(original + "\nheaders: {origin: other}\n", to: "syncs/customers.yml")
    #expect(!(await folder.run("backfill customers").errors.contains("changed since")))
    #expect(!(await folder.run("run").errors.contains(told)))
  }
}
