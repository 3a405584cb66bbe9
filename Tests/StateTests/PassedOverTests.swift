import Rows
import Settings
import TestSupport
import Testing

@testable import State

/// Rows that are read before it is known that they were removed.
@Suite struct PassedOverTests {
  private static let shape = Shape(
    dialect: .postgres,
    columns: ["id", "a"].map { Shape.Column(name: $0, type: ColumnType(.text)) }
  )
  private static let count = 10_000

  /// Delivers ten thousand rows, and hands a diff of them to `body`.
  private func afterDelivery(
    selects: Bool = true,
    _ body: (StateFile, Diff) async throws -> Void
  ) async throws {
    let database = TemporaryDatabase()
    defer { database.delete() }
    let state = try await StateFile.open(path: database.path, mode: .run)
    let number = try await state.remember(Self.shape)
    let first = try await diff(state, number)
    for batch in first.process(Self.page(0..<Self.count)) + first.finishRows() {
      let written = try await state.write(batch, as: .prepared, shape: number)
      try await state.commit([StateFile.Settlement(batch: written)])
    }
    try await body(state, try await diff(state, number, selects: selects))
  }

  private func diff(
    _ state: StateFile,
    _ shape: Int,
    selects: Bool = true
  ) async throws -> Diff {
    let comparison = StateFile.Comparison(shape: Self.shape, key: ["id"], counted: ["id", "a"])
    return Diff(
      snapshot: try await state.loadSnapshot(
        for: comparison,
        shapeNumber: shape,
        isWriting: true
      ),
      policy: Diff.Policy { selects || $0 != .removed },
      secret: try await state.identity().secret,
      fieldCount: 2,
      key: comparison.keyFields(of: Self.shape) ?? [],
      counted: [1]
    )
  }

  private static func page(_ numbers: some Sequence<Int>) -> Page {
    let page = Page()
    for number in numbers {
      Array("k\(number)\tv".utf8).withUnsafeBytes { page.append($0) }
    }
    return page
  }

  @Test func `rows that a result in order leaves out are passed over, segment by segment`()
    async throws
  {
    try await afterDelivery { _, diff in
      let gone: Set<Int> = [0, 17, 4000, 4100, 9999]
      _ = diff.process(Self.page((0..<3000).filter { !gone.contains($0) }))
      #expect(diff.takePassedOver().isEmpty)
      _ = diff.process(Self.page((3000..<8000).filter { !gone.contains($0) }))
      let first = diff.takePassedOver()
      #expect(first.map(\.slot) == [0, 17, 4000])
      _ = diff.process(Self.page((8000..<10_000).filter { !gone.contains($0) }))
      // The last segment ends with a row that is missing: nothing came after it.
      #expect(diff.takePassedOver().map(\.slot) == [4])
      #expect(diff.takePassedOver().isEmpty)
      #expect(diff.nextRemovals()?.changes.count == gone.count)
    }
  }

  @Test func `nothing is passed over in another order, or if removals leave no message`()
    async throws
  {
    try await afterDelivery { _, diff in
      _ = diff.process(Self.page((0..<Self.count).reversed().filter { $0 % 3 != 0 }))
      #expect(diff.takePassedOver().isEmpty)
    }
    try await afterDelivery(selects: false) { _, diff in
      _ = diff.process(Self.page((0..<Self.count).filter { $0 % 1000 != 5 }))
      #expect(diff.takePassedOver().isEmpty)
    }
  }

  @Test func `lines that were read ahead are those of the segments`() async throws {
    try await afterDelivery { state, diff in
      let missing = (0..<Self.count).filter { $0 % 100 == 7 }
      _ = diff.process(Self.page((0..<Self.count).filter { $0 % 100 != 7 }))
      let passed = diff.takePassedOver()
      #expect(passed.count == missing.count)
      try await state.readAhead(passed)
      let batch = try #require(diff.nextRemovals())
      let written = try await state.write(batch, as: .staged, shape: 1)
      let read = try await state.batch(written.number, withPrevious: false)
      let lines = (0..<read.oldRows.count).map {
        String(decoding: read.oldRows.line($0), as: UTF8.self)
      }
      #expect(lines == missing.map { "k\($0)\tv" })
    }
  }
}
