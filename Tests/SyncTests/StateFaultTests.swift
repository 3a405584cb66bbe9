import CSQLite
import Sync
import Foundation
import Reports
import SQLite
import Settings
import TestSupport
import Testing

/// The disk fails at one write of the state after the other.
@Suite struct StateFaultTests {
  private static let rows =
    """
    CREATE TABLE t (id INTEGER PRIMARY KEY, a);
    INSERT INTO t SELECT value, 'x' FROM generate_series(1, 50);
    """.replacingSeries()
  private static let changes =
    "UPDATE t SET a = 'y' WHERE id % 5 = 0; DELETE FROM t WHERE id % 7 = 0;"
    + "INSERT INTO t VALUES (100, 'new')"

  /// Memory where there is some: what fails is counted, so flushing need not take its time.
  private static let folder =
    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()

  struct Case: Sendable, CustomTestStringConvertible {
    var delivery: DeliveryGuarantee
    var code: Int32
    var isLasting: Bool

    var testDescription: String {
      "\(delivery), \(code == SQLITE_FULL ? "disk full" : "I/O error")"
        + (isLasting ? " from then on" : " once")
    }

    static let all = DeliveryGuarantee.allCases.flatMap { delivery in
      [SQLITE_FULL, SQLITE_IOERR].flatMap { code in
        [false, true].map { Case(delivery: delivery, code: code, isLasting: $0) }
      }
    }
  }

  @Test(arguments: Case.all)
  func `whatever write of the state fails, nothing is lost, and exactly once nothing comes twice`(
    fault: Case
  ) async throws {
    var points = 0
    for failing in Sweep.points(upTo: 200, every: 5) {
      let bench = try Bench(Self.rows, in: Self.folder)
      // A plan writes to another disk.
      bench.plansFirst = false
      bench.sync.delivery = fault.delivery
      // A third of the points hit a first run, whose batches stream.
      if failing % 3 > 0 { await bench.run() }
      try bench.database(Self.changes)
      let plan = FaultyDisk.Plan(
        path: bench.statePath,
        failing: (failing + 2) / 3,
        code: fault.code,
        isLasting: fault.isLasting
      )
      let calls = await FaultyDisk.during(plan) { _ = await bench.run() }
      if failing % 3 > 0, calls < plan.failing { break }
      points += calls < plan.failing ? 0 : 1
      try bench.examine("after write \(plan.failing)")
      #expect(await bench.run().outcome == .done, "after write \(plan.failing)")
      if fault.delivery == .exactlyOnce {
        try bench.expectEverythingOnce("after write \(plan.failing)")
      }
      #expect(try bench.fold() == bench.table(), "after write \(plan.failing)")
    }
    #expect(points >= (Sweep.isWhole ? 30 : 10))
    print("\(fault.testDescription): writes of the state failed one after the other: \(points)")
  }
}

extension Bench {
  /// SQLite finds nothing wrong with the state.
  fileprivate func examine(_ comment: Comment) throws {
    let connection = try SQLiteConnection(path: statePath, mode: .readWrite)
    let statement = try connection.prepare("PRAGMA integrity_check")
    _ = try statement.step()
    #expect(statement.text(0) == "ok", comment)
  }
}
