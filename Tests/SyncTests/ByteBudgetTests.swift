import Blocking
import Reports
import Rows
import Settings
import Synchronization
import Testing

@testable import Messages
@testable import State
@testable import Sync

/// What is under way at once, by bytes.
@Suite struct ByteBudgetTests {
  @Test func `a batch begins while there is room, whatever it takes`() async {
    let budget = ByteBudget(100)
    #expect(await budget.awaitRoom())
    var share: ByteBudget.Share? = ByteBudget.Share(99, of: budget)
    #expect(await budget.awaitRoom())
    share?.grow(by: 1000)
    #expect(budget.isFull && budget.taken == 1099)
    share = nil
    #expect(!budget.isFull && budget.taken == 0)
  }

  @Test func `what is given back wakes the one who waits`() async {
    let budget = ByteBudget(100)
    var shares = [0, 1].map { _ in Box(ByteBudget.Share(100, of: budget)) }
    await withTaskGroup(of: Bool.self) { group in
      group.addTask { await budget.awaitRoom() }
      // Whether it waits already or not: one share back is not enough, two are.
      shares.removeLast()
      #expect(budget.isFull)
      shares.removeLast()
      for await hasRoom in group { #expect(hasRoom) }
    }
  }

  @Test func `closing wakes the one who waits, and nothing begins afterwards`() async {
    let budget = ByteBudget(100)
    let share = Box(ByteBudget.Share(100, of: budget))
    await withTaskGroup(of: Bool.self) { group in
      group.addTask { await budget.awaitRoom() }
      budget.close()
      for await hasRoom in group { #expect(!hasRoom) }
    }
    withExtendedLifetime(share) {}
    #expect(await !budget.awaitRoom())
  }

  @Test func `a batch counts with its lines and messages until it is unloaded`() throws {
    let budget = ByteBudget(1 << 20)
    let batch = ShipmentTests.batch(1, rows: 3)
    let shipment = Shipment(batch, in: budget)
    #expect(budget.taken == batch.byteCount && batch.byteCount == 3 * "i0\tt1\n".utf8.count)
    let envelope = Envelope()
    var composition = Composition()
    composition.byteCount = 1000
    shipment.load(envelope, composition)
    #expect(budget.taken == batch.byteCount + 1000)
    _ = shipment.unload()
    #expect(budget.taken == 0)
    #expect(shipment.batch.byteCount == 0 && shipment.batch.number == 1)
    #expect(shipment.settlement.batch.changes.count == 3)
  }

  /// Fewer than may be under way by number.
  private static let batchCount = 7
  private static let rowsPerBatch = 4
  private static let rowCount = batchCount * rowsPerBatch

  /// Leaves a run seven prepared batches of four rows, and returns the bytes of the first one's
  /// lines.
  private func prepareBatches(_ bench: Bench) async throws -> Int {
    #expect(await bench.run().outcome == .done)
    let state = try await StateFile.open(path: bench.statePath, mode: .existing)
    let shape = try #require(try await state.meta().shape)
    var bytes = 0
    for batch in 0..<Self.batchCount {
      var draft = ChangeBatch.Draft()
      for row in 0..<Self.rowsPerBatch {
        // Keys of two digits: every batch has the same size.
        let id = 10 + batch * Self.rowsPerBatch + row
        Array("i\(id)\tta value of some length".utf8).withUnsafeBytes { line in
          draft.append(
            ChangeBatch.RowChange(kind: .added, isSilent: false),
            line: line,
            entry: Entry(keyLow: UInt64(id), keyHigh: 0, fingerprint: 0)
          )
        }
      }
      bytes = try await state.write(ChangeBatch(draft), as: .prepared, shape: shape).byteCount
    }
    return bytes
  }

  private func makeBench() throws -> Bench {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)")
    bench.plansFirst = false
    bench.sync.removed.isSelected = false
    return bench
  }

  @Test func `a delivery takes no batch while the budget is full, and the next as room is made`()
    async throws
  {
    let bench = try makeBench()
    let lines = try await prepareBatches(bench)
    // Learns how large the messages of a batch are.
    let copy = try makeBench()
    _ = try await prepareBatches(copy)
    let free = HoldingSink()
    _ = await copy.makeRun(sink: free).execute()
    let batch = lines + free.state.withLock { $0.bytesMax / Self.batchCount }
    #expect(free.state.withLock { $0.underWayMax } == Self.batchCount)

    let sink = HoldingSink()
    var run = bench.makeRun(sink: sink)
    run.bytesUnderWayMax = 3 * batch
    let report = await run.execute()
    #expect(report.counts.sent == Self.rowCount)
    let seen = sink.state.withLock { $0 }
    #expect(seen.messages == Self.rowCount)
    #expect(seen.underWayMax <= 3)
    // Before the last batch it waits for nothing but room: three batches are under way then, or two
    // and one that is being composed.
    let waits = seen.waits.filter { $0.submitted < Self.batchCount }
    #expect(waits.count >= Self.batchCount - 3)
    for wait in waits { #expect((2...3).contains(wait.underWay), "\(wait)") }
  }

  @Test(arguments: [DeliveryGuarantee.atLeastOnce, .exactlyOnce])
  func `a batch that is larger than the whole budget passes alone`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    let bench = try makeBench()
    bench.sync.delivery = delivery
    _ = try await prepareBatches(bench)
    var run = bench.makeRun()
    run.bytesUnderWayMax = 1
    let report = await run.execute()
    #expect(report.counts.sent == Self.rowCount)
    let keys = bench.sink.messages.compactMap { $0.key.flatMap { Int($0) } }
    #expect(keys == Array(10..<(10 + Self.rowCount)))
  }

  @Test(arguments: [DeliveryGuarantee.atLeastOnce, .exactlyOnce])
  func `batches without a message give back what they take`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    let bench = try makeBench()
    bench.sync.delivery = delivery
    _ = try await prepareBatches(bench)
    bench.sink.removeTopic("rows")
    var run = bench.makeRun()
    run.bytesUnderWayMax = 1
    let report = await run.execute()
    #expect(report.counts.failed == Self.rowCount)
    #expect(bench.sink.messages.isEmpty)
  }
}

/// Keeps a share, which cannot be copied, in an array.
private final class Box: Sendable {
  private let share: Mutex<ByteBudget.Share?>

  init(_ share: consuming sending ByteBudget.Share) {
    self.share = Mutex(consume share)
  }
}

/// A destination that acknowledges the oldest batch only when the delivery has nothing to do but wait.
private final class HoldingSink: Destination, TopicDirectory {
  struct State {
    var held: [(report: DeliveryReport, bytes: Int)] = []
    var submitted = 0
    var messages = 0
    var bytesMax = 0
    var underWayMax = 0
    /// How many batches had been submitted, and how many of them were under way, at each wait.
    var waits: [(submitted: Int, underWay: Int)] = []
  }

  let name = "events"
  var topics: any TopicDirectory { self }
  let state = Mutex(State())

  func connect() async throws -> String { "cluster-a" }

  func refresh() async throws {}

  func partitions(of topic: String) -> Int? { 1 }

  func prepare(_ topics: [String]) async throws {}

  func submit(
    _ envelope: sending Envelope,
    number: Int,
    _ selection: Selection
  ) async throws {
    let count = envelope.messages.count
    let bytes = envelope.messages.reduce(0) { $0 + envelope.contentCount(of: $1) }
    let report = ShipmentTests.report(number, envelope)
    state.withLock { state in
      state.held.append((report, bytes))
      state.submitted += 1
      state.messages += count
      state.underWayMax = max(state.underWayMax, state.held.count)
      state.bytesMax = max(state.bytesMax, state.held.reduce(0) { $0 + $1.bytes })
    }
  }

  func completed(waitingUpTo timeout: Duration) async -> [DeliveryReport] {
    if timeout == .zero { return [] }
    return state.withLock { state in
      state.waits.append((state.submitted, state.held.count))
      return state.held.isEmpty ? [] : [state.held.removeFirst().report]
    }
  }

  func abandon(waitingUpTo timeout: Duration) async -> [DeliveryReport] { [] }

  func explain(_ error: DeliveryFailure) async -> RunError {
    RunError(.failed, error.message, kind: error.code.kind)
  }
}
