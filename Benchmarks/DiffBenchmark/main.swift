import CAllocationCount
import Foundation
import Rows
import State
import Text

// What it costs to compare a result with the snapshot: nanoseconds and allocations a row, in memory.
//
//     DiffBenchmark [ROWS]        default 200,000; median of seven passes

let rowCount = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200_000
let shape = Shape(
  dialect: .postgres,
  columns: [
    ("id", ColumnType.Kind.integer), ("email", .text), ("plan", .text), ("updated_at", .text),
  ].map { Shape.Column(name: $0.0, type: ColumnType($0.1)) }
)
let comparison = StateFile.Comparison(
  shape: shape,
  key: ["id"],
  counted: shape.columns.map(\.name)
)

/// A result in pages, its rows in this order.
func pages(_ ids: [Int]) -> [Page] {
  stride(from: 0, to: ids.count, by: 2000).map { start in
    let page = Page()
    for id in ids[start..<min(start + 2000, ids.count)] {
      let line = "\(id)\tuser\(id)@mail\(id % 50).example.com\tpro\t2026-01-31 08:00:0\(id % 10)+00"
      Array(line.utf8).withUnsafeBytes { page.append($0) }
    }
    return page
  }
}

func open(_ path: String) async throws -> (StateFile, shape: Int) {
  let state = try await StateFile.open(path: path, mode: .run)
  return (state, try await state.remember(shape))
}

func diff(_ state: StateFile, _ number: Int) async throws -> Diff {
  Diff(
    snapshot: try await state.loadSnapshot(
      for: comparison,
      shapeNumber: number,
      isWriting: true
    ),
    policy: Diff.Policy { _ in true },
    secret: try await state.identity().secret,
    fieldCount: shape.columns.count,
    key: comparison.keyFields(of: shape) ?? [],
    counted: Array(shape.columns.indices)
  )
}

/// Compares `result` with what `state` holds, seven times, and prints the median.
func measure(_ name: String, _ state: StateFile, _ number: Int, _ result: [Page]) async throws {
  var times: [Double] = []
  var allocations: UInt64 = 0
  let rows = result.reduce(0) { $0 + $1.count }
  for _ in 0..<7 {
    let diff = try await diff(state, number)
    let before = allocation_count()
    let start = ContinuousClock.now
    for page in result { _ = diff.process(page) }
    _ = diff.finishRows()
    times.append((ContinuousClock.now - start) / .nanoseconds(1) / Double(rows))
    allocations = allocation_count() - before
  }
  let each = Double(allocations) / Double(rows)
  print(
    String(
      format: "%-36@ %6.0f ns a row  %6.3f allocations",
      name as NSString,
      times.sorted()[3],
      each
    )
  )
}

let folder = NSTemporaryDirectory() + "sluice-diff-\(getpid())"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }
let ids = Array(1...rowCount)
let inOrder = pages(ids)
let shuffled = pages(ids.shuffled())

let (empty, emptyShape) = try await open(folder + "/empty.db")
try await measure("first run, by key", empty, emptyShape, inOrder)
try await measure("first run, in no order", empty, emptyShape, shuffled)

let (full, fullShape) = try await open(folder + "/full.db")
let first = try await diff(full, fullShape)
for batch in inOrder.flatMap({ first.process($0) }) + first.finishRows() {
  let written = try await full.write(batch, as: .prepared, shape: fullShape)
  try await full.commit([StateFile.Settlement(batch: written)])
}
try await measure("nothing changed", full, fullShape, inOrder)
try await measure("nothing changed, in no order", full, fullShape, shuffled)
try await measure("1 % removed", full, fullShape, pages(ids.filter { $0 % 100 != 0 }))
