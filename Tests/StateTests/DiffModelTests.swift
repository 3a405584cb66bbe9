import Foundation
import Rows
import TestSupport
import Testing

@testable import State

/// Random tables against a dictionary: what the diff finds, and what the state holds afterwards.
@Suite struct DiffModelTests {
  private static let shape = Shape(
    dialect: .postgres,
    columns: ["id", "a"].map { Shape.Column(name: $0, type: ColumnType(.text)) }
  )

  /// What a scan found, by key.
  private struct Found: Equatable {
    var added: Set<String> = []
    var changed: Set<String> = []
    var removed: Set<String> = []
    var unchanged = 0
  }

  @Test(arguments: 1...8)
  func `the diff finds what a dictionary finds, whatever was refused before`(
    _ seed: UInt64
  ) async throws {
    let database = TemporaryDatabase()
    defer { database.delete() }
    var dice = SeededGenerator(state: seed)
    let state = try await StateFile.open(path: database.path, mode: .run)
    let number = try await state.remember(Self.shape)
    var table: [String: String] = [:]
    var delivered: [String: String] = [:]
    for _ in 0..<12 {
      Self.change(&table, &dice)
      let expected = Self.compare(table, delivered)
      let found = try await scan(state, number, table, &delivered, &dice)
      #expect(found == expected)
    }
    // A state that is opened again knows the same.
    let again = try await StateFile.open(path: database.path, mode: .existing)
    var untouched = delivered
    let found = try await scan(again, number, delivered, &untouched, &dice)
    #expect(found == Found(unchanged: delivered.count))
  }

  private static func change(_ table: inout [String: String], _ dice: inout SeededGenerator) {
    if dice.next(below: 10) == 0 { table = [:] }
    for _ in 0..<dice.next(below: 400) {
      let key = "k\(dice.next(below: 500))"
      table[key] = dice.next(below: 4) == 0 ? nil : "v\(dice.next(below: 3))"
    }
  }

  private static func compare(
    _ table: [String: String],
    _ delivered: [String: String]
  ) -> Found {
    var found = Found()
    for (key, value) in table {
      switch delivered[key] {
      case nil: found.added.insert(key)
      case value: found.unchanged += 1
      default: found.changed.insert(key)
      }
    }
    found.removed = Set(delivered.filter { table[$0.key] == nil }.map { "\($0.key)\t\($0.value)" })
    return found
  }

  /// Scans `table` in a random order and delivers what was found, except for some rows.
  private func scan(
    _ state: StateFile,
    _ shape: Int,
    _ table: [String: String],
    _ delivered: inout [String: String],
    _ dice: inout SeededGenerator
  ) async throws -> Found {
    let comparison = StateFile.Comparison(shape: Self.shape, key: ["id"], counted: ["id", "a"])
    let snapshot = try await state.loadSnapshot(
      for: comparison,
      shapeNumber: shape,
      isWriting: true
    )
    #expect(snapshot.count == delivered.count)
    let diff = Diff(
      snapshot: snapshot,
      policy: Diff.Policy { _ in true },
      secret: try await state.identity().secret,
      fieldCount: 2,
      key: comparison.keyFields(of: Self.shape) ?? [],
      counted: [1]
    )
    var found = Found()
    var keys = table.keys.sorted()
    if dice.next(below: 2) == 0 { keys.shuffle(using: &dice) }
    var batches: [ChangeBatch] = []
    let readsAhead = dice.next(below: 3) > 0
    for start in stride(from: 0, to: keys.count, by: 97) {
      let page = Page()
      for key in keys[start..<min(start + 97, keys.count)] {
        Array("\(key)\t\(table[key] ?? "")".utf8).withUnsafeBytes { page.append($0) }
      }
      batches += diff.process(page)
      if readsAhead { try await state.readAhead(diff.takePassedOver()) }
    }
    batches += diff.finishRows()
    for batch in batches {
      let written = try await state.write(batch, as: .prepared, shape: shape)
      var undelivered: Set<Int> = []
      for (position, change) in batch.changes.enumerated() {
        let text = String(decoding: batch.rows.line(position), as: UTF8.self)
        let parts = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        if change.kind == .added { found.added.insert(parts[0]) }
        if change.kind == .changed { found.changed.insert(parts[0]) }
        if dice.next(below: 5) == 0 {
          undelivered.insert(position)
        } else {
          delivered[parts[0]] = parts[1]
        }
      }
      try await state.commit([StateFile.Settlement(batch: written, undelivered: undelivered)])
    }
    while let batch = diff.nextRemovals() {
      let number = try await state.write(batch, as: .prepared, shape: shape).number
      let written = try await state.batch(number, withPrevious: false)
      for index in written.oldIndexes.compactMap(\.self) {
        found.removed.insert(String(decoding: written.oldRows.line(Int(index)), as: UTF8.self))
      }
      #expect(written.oldRows.count == batch.changes.count)
      try await state.commit([StateFile.Settlement(batch: written)])
    }
    delivered = delivered.filter { table[$0.key] != nil }
    #expect(found.removed.count == diff.counts.removed)
    if dice.next(below: 2) == 0 { try await state.tidy() }
    found.unchanged = diff.counts.unchanged
    return found
  }
}
