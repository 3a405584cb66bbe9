import Sync
import Reports
import Settings
import Testing

/// Null values under keys that are unique in the table at every moment, and not the row's own.
@Suite struct PresentPlacesTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, k TEXT, v TEXT);"
        + "INSERT INTO t (k, v) VALUES ('a', '1'), ('b', '2'), ('c', '3')"
    )
    bench.sync.nullValues = .unchecked
    bench.each { $0.key = Located(.column("k")) }
    bench.sync.removed.body = .tombstone
    bench.sync.guards[.maxRemoved] = .percent(100)
  }

  /// The topic folded by key: the value under each key that is not null.
  private func fold() -> [String: String] {
    var values: [String: String] = [:]
    for message in bench.sink.messages { values[message.key ?? "-"] = message.value }
    return values
  }

  private func row(_ id: Int, _ key: String, _ value: String) -> String {
    #"{"id":\#(id),"k":"\#(key)","v":"\#(value)"}"#
  }

  @Test(
    arguments: [DeliveryGuarantee.atLeastOnce, .exactlyOnce],
    [RunOptions.Command.run, .backfill]
  )
  func `removals that waited erase no row that came back under another surrogate key`(
    _ delivery: DeliveryGuarantee,
    _ command: RunOptions.Command
  ) async throws {
    bench.sync.delivery = delivery
    await bench.run()
    try bench.database("DELETE FROM t; INSERT INTO t (k, v) VALUES ('a', '4'), ('b', '5')")
    await bench.run(RunOptions(command: command, limit: command == .run ? 1 : nil))
    let last = await bench.run()
    #expect(last.counts.removed == 3)
    #expect(fold() == ["a": row(4, "a", "4"), "b": row(5, "b", "5")])
  }

  @Test(arguments: [DeliveryGuarantee.atLeastOnce, .exactlyOnce])
  func `a chain of moves in several runs leaves every row its message`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    bench.sync.delivery = delivery
    bench.sync.onMove = .tombstone
    await bench.run()
    try bench.database(
      "DELETE FROM t WHERE id = 3; UPDATE t SET k = 'c' WHERE id = 2;"
        + "UPDATE t SET k = 'b' WHERE id = 1"
    )
    await bench.run(RunOptions(limit: 1))
    await bench.run(RunOptions(limit: 1))
    await bench.run()
    #expect(fold() == ["b": row(1, "b", "1"), "c": row(2, "c", "2")])
  }

  @Test(arguments: [DeliveryGuarantee.atLeastOnce, .exactlyOnce])
  func `a row that was refused while it traded keys erases the other one later no more`(
    _ delivery: DeliveryGuarantee
  ) async throws {
    bench.sync.delivery = delivery
    bench.sync.onMove = .tombstone
    await bench.run()
    try bench.database(
      "UPDATE t SET k = 'x' WHERE id = 1; UPDATE t SET k = 'a' WHERE id = 2;"
        + "UPDATE t SET k = 'b' WHERE id = 1"
    )
    bench.sink.answer(.refuseRequest(keys: ["a"]))
    await bench.run()
    bench.sink.answer()
    try bench.database("UPDATE t SET v = 'small' WHERE id = 2")
    await bench.run()
    #expect(
      fold() == ["a": row(2, "a", "small"), "b": row(1, "b", "1"), "c": row(3, "c", "3")]
    )
  }

  @Test func `a row that goes for good is erased, of two with one key only the last`() async throws
  {
    await bench.run()
    try bench.database("DELETE FROM t WHERE k = 'a'")
    await bench.run()
    #expect(fold().keys.sorted() == ["b", "c"])
    try bench.database("DELETE FROM t WHERE k = 'b'; INSERT INTO t (k, v) VALUES ('b', '9')")
    await bench.run(RunOptions(limit: 5))
    try bench.database("DELETE FROM t WHERE k = 'b'")
    await bench.run()
    #expect(fold().keys.sorted() == ["c"])
  }
}
