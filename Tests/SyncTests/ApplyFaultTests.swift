import CSQLite
import Foundation
import Reports
import Settings
import State
import TestSupport
import Testing

@testable import Sync

/// An apply that is stopped anywhere, and finished by apply or by the next run.
@Suite struct ApplyFaultTests {
  /// Memory where there is some: what fails is counted, so flushing need not take its time.
  private static let folder =
    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()

  struct Case: Sendable, CustomTestStringConvertible {
    var delivery: DeliveryGuarantee
    var isFirst: Bool

    var testDescription: String { "\(delivery)" + (isFirst ? ", without a state" : "") }

    static let all = DeliveryGuarantee.allCases.flatMap { delivery in
      [true, false].map { Case(delivery: delivery, isFirst: $0) }
    }
  }

  private static func prepare(_ fault: Case) async throws -> (Bench, Bench.Pinned) {
    let bench = try Bench(PinnedPlanTests.rows, in: folder)
    bench.plansFirst = false
    bench.sync.delivery = fault.delivery
    // Settings that differ by then change nothing of what was pinned.
    if !fault.isFirst {
      await bench.run()
      try bench.database(PinnedPlanTests.changes)
    }
    let pinned = await bench.pin()
    #expect(pinned.failure == nil)
    _ = bench.arrivals()
    bench.each { $0.headers = [HeaderForm(name: "late", value: Located(.text("x")))] }
    return (bench, pinned)
  }

  /// Finishes by apply or by a run, in turns, and expects exactly the pinned messages.
  private static func finish(
    _ bench: Bench,
    _ pinned: Bench.Pinned,
    _ fault: Case,
    after point: Int
  ) async throws {
    let comment: Comment = "at point \(point)"
    let wasApplied = try await bench.isApplied(pinned.file)
    if point % 4 < 2 || !wasApplied {
      let report = try await bench.apply(pinned.file)
      let isOver = report.error?.message.contains("was applied at") ?? false
      #expect(report.outcome == .done || isOver, "\(comment): \(report.error?.message ?? "")")
    }
    let next = await bench.run()
    #expect(next.outcome == .done, "\(comment): \(next.error?.message ?? "")")
    let sent = bench.sink.messages
    if fault.delivery == .exactlyOnce {
      #expect(sent == pinned.messages, comment)
    } else {
      #expect(Set(sent) == Set(pinned.messages), comment)
      // In the order of the plan, from where it began again.
      #expect(sent.suffix(pinned.messages.count).last == pinned.messages.last, comment)
    }
    #expect(await bench.run().counts.sent == 0, comment)
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    #expect(try await state.summary().preparedBatches == 0, comment)
  }

  @Test(arguments: Case.all)
  func `whatever write of the state fails in an apply, exactly the pinned messages arrive`(
    fault: Case
  ) async throws {
    var points = 0
    // A new file is written in many small steps before it has anything in it.
    for failing in Sweep.points(upTo: 200, every: fault.isFirst ? 13 : 5) {
      let (bench, pinned) = try await Self.prepare(fault)
      let plan = FaultyDisk.Plan(
        path: bench.statePath,
        failing: failing,
        code: failing % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR,
        isLasting: failing % 3 == 0
      )
      let calls = try await FaultyDisk.during(plan) { _ = try await bench.apply(pinned.file) }
      if calls < failing { break }
      points += 1
      try await Self.finish(bench, pinned, fault, after: failing)
    }
    #expect(points >= 5)
    print("\(fault.testDescription): writes of the state failed in an apply: \(points)")
  }

  @Test(arguments: Case.all, [.dieBefore, .dieAfter] as [RecordingSink.Fault])
  func `whatever call kills an apply, exactly the pinned messages arrive`(
    fault: Case,
    kill: RecordingSink.Fault
  ) async throws {
    var points = 0
    for failing in 1...40 {
      let (bench, pinned) = try await Self.prepare(fault)
      bench.sink.fail(call: failing, kill)
      _ = try await bench.apply(pinned.file)
      let calls = bench.sink.calls
      bench.sink.fail(call: nil)
      if calls < failing { break }
      points += 1
      try await Self.finish(bench, pinned, fault, after: failing)
    }
    #expect(points >= 3)
  }

  @Test(arguments: [1] as [UInt64], DeliveryGuarantee.allCases)
  func `after any workload of runs and applied plans, disturbed or not, the topic is the table`(
    seed: UInt64,
    delivery: DeliveryGuarantee
  ) async throws {
    var random = SeededGenerator(state: seed)
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a)", in: Self.folder)
    bench.plansFirst = false
    bench.sync.delivery = delivery
    bench.sync.guards[.maxRemoved] = .percent(100)
    var applied = 0
    for round in 0..<25 {
      try bench.database(Workload.statements(&random))
      let pinned = await bench.pin()
      #expect(pinned.failure == nil, "seed \(seed), round \(round)")
      try bench.database(Workload.statements(&random))
      if Bool.random(using: &random) {
        let kill: RecordingSink.Fault = Bool.random(using: &random) ? .dieBefore : .dieAfter
        bench.sink.fail(call: Int.random(in: 1...12, using: &random), kill)
      }
      let before = bench.sink.messages.count
      if Int.random(in: 0..<4, using: &random) == 0 { await bench.run() }
      let report = try await bench.apply(pinned.file)
      bench.sink.fail(call: nil)
      if report.outcome == .done {
        applied += 1
        if before + pinned.messages.count == bench.sink.messages.count {
          #expect(Array(bench.sink.messages.dropFirst(before)) == pinned.messages)
        }
      }
      let run = await bench.run()
      #expect(run.outcome == .done, "seed \(seed), round \(round): \(run.error?.message ?? "")")
      if delivery == .exactlyOnce { try bench.expectEverythingOnce("seed \(seed), round \(round)") }
      #expect(try bench.fold() == bench.table(), "seed \(seed), round \(round)")
    }
    #expect(applied > 5)
  }
}
