import CommandLineInterface
import Foundation
import SQLite
import State
import Testing

/// Backups of states, the way back, and room given back, as somebody types them.
@Suite struct StateUpkeepCommandTests {
  private func project(_ rows: Int = 20) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/t.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM t ORDER BY id\n",
      "syncs/s.yml": "model: t\ntopic: t\nkey: {column: id}\nguards: {max_removed: 100%}\n",
    ])
    try change(
      folder,
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < \(rows))
      INSERT INTO t SELECT n, hex(randomblob(20)) FROM c;
      """
    )
    #expect(await folder.run("run --quiet").code == .done)
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(sql)
  }

  /// What a run sends, as changes and keys.
  private func sent(_ folder: TemporaryFolder) async -> [String] {
    let run = await folder.run("run")
    return run.output.split(separator: "\n").compactMap { line in
      guard
        let message = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let headers = message["headers"] as? [String: String]
      else { return nil }
      return "\(headers["change"] ?? "?") \(message["key"] as? String ?? "-")"
    }
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
  }

  @Test func `a backup is one file that only its owner reads, and never half of one`()
    async throws
  {
    let folder = try await project()
    let first = await folder.run("state backup s copy.db")
    #expect(first.code == .done, "\(first.errors)")
    #expect(first.output.hasPrefix("s: \(folder.path)/copy.db: "))
    #expect(first.output.hasSuffix(" bytes, 20 rows\n"), "\(first.output)")
    let path = folder.path + "/copy.db"
    #expect(try mode(path) == 0o600)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.filter { $0.hasPrefix("copy.db") } == ["copy.db"])
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let again = await folder.run("state backup s copy.db")
    #expect(again.code == .failed && again.errors.contains("`--replace`"), "\(again.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(await folder.run("state backup s copy.db --replace").code == .done)
    #expect(await folder.run("state backup s no/such/folder.db").code == .failed)
    // A run holds the lock: a backup does not wait for it.
    let lock = try RunLock(path: folder.path + "/state/s.lock")
    #expect(lock != nil)
    #expect(await folder.run("state backup s other.db").code == .done)
    withExtendedLifetime(lock) {}
    let empty = try TemporaryFolder()
    #expect(await empty.run("init --quiet").code == .done)
    let none = await empty.run("state backup customers copy.db")
    #expect(none.code == .failed && none.errors.contains("has no state yet"), "\(none.errors)")
  }

  @Test func `restoring says first what is sent twice and what nobody will notice`()
    async throws
  {
    let folder = try await project()
    #expect(await folder.run("state backup s copy.db --quiet").code == .done)
    try change(
      folder,
      """
      INSERT INTO t VALUES (21, 'new'), (22, 'new'); DELETE FROM t WHERE id IN (1, 2);
      UPDATE t SET a = 'changed' WHERE id IN (3, 4, 5);
      """
    )
    #expect(await sent(folder).count == 7)
    let asked = await folder.run("state restore s copy.db")
    #expect(asked.code == .usage && asked.errors.contains("--yes"))
    #expect(asked.output.contains("s: the backup has 20 rows, after the run of "))
    #expect(
      asked.output.contains(
        "since then 1 run sent 7 messages: 2 rows added, 3 changed, 2 removed"
      ),
      "\(asked.output)"
    )
    #expect(asked.output.contains("sent twice: ") && asked.output.contains("not noticed: "))
    #expect(await sent(folder) == [], "nothing was changed")
    let json = await folder.run("state restore s copy.db --yes --output json").output
    #expect(
      json.contains(
        #""restored":true,"rows":20,"#
      ) && json.contains(#""same_state":true,"runs_since":2,"messages_since":7,"added_since":2,"#),
      "\(json)"
    )
    // Gone again, or as before again: nobody notices. The rest is sent once more.
    try change(
      folder,
      "DELETE FROM t WHERE id = 22; INSERT INTO t SELECT 2, a FROM t WHERE id = 99"
    )
    #expect(
      await sent(folder).sorted() == [
        "added 21", "changed 3", "changed 4", "changed 5", "removed 1", "removed 2",
      ]
    )
    #expect(await sent(folder) == [])
  }

  @Test func `a state that was lost or damaged comes back, and other files are refused`()
    async throws
  {
    let folder = try await project()
    #expect(await folder.run("state backup s copy.db --quiet").code == .done)
    let state = folder.path + "/state/s.db"
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: state + suffix)
    }
    let lost = await folder.run("state restore s copy.db --yes")
    #expect(lost.code == .done && lost.output.contains("the present state cannot be read"))
    #expect(try mode(state) == 0o600)
    #expect(await sent(folder) == [])
    // Its first page is overwritten.
    var bytes = try Data(contentsOf: URL(fileURLWithPath: state))
    bytes.replaceSubrange(0..<4096, with: Data(repeating: 7, count: 4096))
    try bytes.write(to: URL(fileURLWithPath: state))
    let damaged = await folder.run("state restore s copy.db --yes")
    #expect(damaged.code == .done, "\(damaged.errors)")
    #expect(damaged.output.contains("the damaged state is \(state).damaged-"))
    #expect(await sent(folder) == [])
    let good = try Data(contentsOf: URL(fileURLWithPath: state))
    try folder.write("no database", to: "text.db")
    try folder.write("", to: "empty.db")
    for file in ["text.db", "empty.db", "shop.db", "nowhere.db"] {
      let refused = await folder.run("state restore s \(file) --yes")
      #expect(refused.code == .failed, "\(file)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: state)) == good, "\(file)")
    }
  }

  @Test func `while a run is under way nothing is restored or compacted`() async throws {
    let folder = try await project()
    #expect(await folder.run("state backup s copy.db --quiet").code == .done)
    let lock = try RunLock(path: folder.path + "/state/s.lock")
    #expect(await folder.run("state restore s copy.db --yes").code == .alreadyRunning)
    #expect(await folder.run("state compact").code == .alreadyRunning)
    withExtendedLifetime(lock) {}
  }

  @Test func `compacting drops dead rows, gives room back and changes nothing else`()
    async throws
  {
    let folder = try await project(20_000)
    // Less than half of each segment dies, so no run rewrites it.
    try change(folder, "DELETE FROM t WHERE id % 5 < 2; UPDATE t SET a = 'x' WHERE id % 50 = 7")
    #expect(await sent(folder).count == 8_400)
    let path = folder.path + "/state/s.db"
    func size() throws -> Int {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return (attributes[.size] as? NSNumber)?.intValue ?? 0
    }
    let before = try size()
    let info = await folder.run("state info s --output json").output
    #expect(info.contains(#""dead_rows":8400"#), "\(info)")
    let compacted = await folder.run("state compact s")
    #expect(compacted.code == .done, "\(compacted.errors)")
    #expect(compacted.output.hasSuffix("12,000 rows, 0 dead\n"), "\(compacted.output)")
    let after = try size()
    #expect(after < before * 3 / 4, "\(before) and \(after)")
    #expect(await sent(folder) == [])
    try change(folder, "DELETE FROM t WHERE id = 3")
    #expect(await sent(folder) == ["removed 3"])
    // A sync without a state has nothing to give back.
    let empty = try TemporaryFolder()
    #expect(await empty.run("init --quiet").code == .done)
    #expect(await empty.run("state compact").code == .done)
  }
}
