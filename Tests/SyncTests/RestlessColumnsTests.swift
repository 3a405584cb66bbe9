import Rows
import Settings
import Testing

@testable import State
@testable import Sync

/// Which columns are said to differ in every row.
@Suite struct RestlessColumnsTests {
  /// Rows of the columns id, name and seen_at, each as it was and as it is.
  private static func note(_ rows: [(old: String, new: String)]) throws -> String? {
    let names = ["id", "name", "seen_at"]
    let shape = Shape(
      dialect: .sqlite,
      columns: names.map { Shape.Column(name: $0, type: ColumnType(.dynamic)) }
    )
    let (page, old) = (Page(), Page())
    for row in rows {
      Array(row.new.utf8).withUnsafeBytes { page.append($0) }
      Array(row.old.utf8).withUnsafeBytes { old.append($0) }
    }
    let batch = DeliverableBatch(
      number: 1,
      token: [],
      isBackfill: false,
      shape: 1,
      changes: Array(repeating: .init(kind: .changed, isSilent: false), count: rows.count),
      rows: page,
      segments: []
    )
    batch.oldRows = old
    batch.oldIndexes = rows.indices.map { Int32($0) }
    batch.oldShapes = Array(repeating: 1, count: rows.count)
    let sync = try Bench().sync
    return RestlessColumns(sync: sync, shape: shape, shapeNumber: 1, counted: names).note(on: batch)
  }

  @Test func `a column that differs in every row is named`() throws {
    let note = try Self.note([
      ("i1\tta\tt1", "i1\tta\tt2"), ("i2\ttb\tt1", "i2\ttc\tt3"),
    ])
    #expect(note?.contains("each in `seen_at`") == true)
  }

  @Test func `one row alone says nothing of all`() throws {
    #expect(try Self.note([("i1\tta\tt1", "i1\tta\tt2")]) == nil)
  }

  @Test func `rows that differ in other columns each are not suspected`() throws {
    let note = try Self.note([
      ("i1\tta\tt1", "i1\ttb\tt1"), ("i2\ttb\tt1", "i2\ttb\tt3"),
    ])
    #expect(note == nil)
  }
}
