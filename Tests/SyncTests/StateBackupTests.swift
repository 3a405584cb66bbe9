import Foundation
import Reports
import Settings
import State
import Testing

@testable import Sync

/// Backups that are taken while a run writes.
@Suite struct StateBackupTests {
  @Test
  func `a backup of every moment of a run is sound, and a run after it sends what is missing`()
    async throws
  {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
    bench.plansFirst = false
    try bench.database(
      """
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 30000)
      INSERT INTO t SELECT n, hex(randomblob(8)) FROM c;
      """
    )
    let upkeep = StateUpkeep(bench.location)
    let folder = bench.directory
    let backups = Task {
      var count = 0
      while !Task.isCancelled {
        let file = "\(folder)/backup-\(count).db"
        if (try? await upkeep.backUp(to: file, isReplacing: false)) != nil { count += 1 }
        await Task.yield()
      }
      return count
    }
    #expect(await bench.run().outcome == .done)
    try bench.database("UPDATE t SET a = 'x' WHERE id % 3 = 0; DELETE FROM t WHERE id % 3 = 1")
    #expect(await bench.run(RunOptions(allowedGuards: [.maxRemoved])).outcome == .done)
    backups.cancel()
    let count = await backups.value
    #expect(count > 2)
    _ = bench.arrivals()
    // A few of them are enough; each takes the place of the state, and the next run repairs.
    for index in stride(from: count - 1, through: 0, by: -max(1, count / 5)) {
      let file = "\(folder)/backup-\(index).db"
      let scratch = "\(folder)/scratch-\(index).db"
      let preview = try await upkeep.preview(of: file, scratchPath: scratch)
      // The first may be of a moment before the state had a name.
      #expect(preview.isSameState == true || preview.rows == 0)
      #expect(try await upkeep.restore(preview)?.isRestored == true)
      let report = await bench.run(RunOptions(allowedGuards: [.maxRemoved]))
      #expect(report.outcome == .done, "\(report.error?.message ?? "")")
      let state = try await StateFile.open(path: bench.statePath, mode: .report)
      #expect(try await state.summary().rows == 20_000)
      #expect(try await state.summary().preparedBatches == 0)
    }
    _ = bench.arrivals()
    #expect(await bench.run().counts.unchanged == 20_000)
    #expect(bench.arrivals() == [])
  }

  @Test func `a state whose batches wait is compacted without touching a row`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x'), (2, 'y')"
    )
    bench.plansFirst = false
    await bench.run()
    try bench.database("UPDATE t SET a = 'z'")
    var waiting = 0
    for call in 1...10 where waiting == 0 {
      bench.sink.fail(call: call, .dieBefore)
      await bench.run()
      let status = await StateReader(bench.location).status(schedule: nil)
      waiting = status.summary?.preparedBatches ?? 0
    }
    #expect(waiting == 1)
    bench.sink.fail(call: nil)
    _ = bench.arrivals()
    let report = try #require(await StateUpkeep(bench.location).compact())
    #expect(report.error == nil && report.rows == 2)
    await bench.run()
    #expect(bench.arrivals() == ["changed 1", "changed 2"])
    let after = try #require(await StateUpkeep(bench.location).compact())
    #expect(after.deadRows == 0 && after.rows == 2)
    await bench.run()
    #expect(bench.arrivals() == [])
  }
}
