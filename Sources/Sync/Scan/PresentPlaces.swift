internal import Messages
internal import Rows
internal import Settings
internal import State

/// Finds null values that would erase the message of another row of the snapshot.
///
/// Needed if the key is not the row's own (`null_values: unchecked`): although it is unique in the
/// table at every moment, the rows of the snapshot are of several moments when removals wait (after
/// `--limit` and `backfill`) or rows were refused. Two rows of the snapshot have one place then,
/// and the topic holds the message of the later one.
///
/// Counts the places of all rows when the first null value is to leave: linear in the snapshot, some
/// 40 bytes a row. Used by one task at a time.
final class PresentPlaces {
  private let state: StateFile
  private let composer: Composer
  private var counts: [Place: Int32]?

  /// Counts places with `composer`; nil if no null value of the sync can erase a row.
  init?(_ sync: SyncSettings, of state: StateFile, _ composer: Composer) {
    guard sync.mayEraseRows else { return nil }
    self.state = state
    self.composer = composer
  }

  /// Marks the null values of `shipment` that must not leave, and takes note of rows that go.
  func judge(_ shipment: Shipment) async throws {
    guard let composition = shipment.composition else { return }
    for (index, placement) in composition.placements.enumerated() {
      guard let placement, placement.isNullValue,
        shipment.failures[Int(composition.positions[index])] == nil
      else { continue }
      let place = placement.place
      if counts == nil { counts = try await countAll() }
      guard let count = counts?[place] else { continue }
      if count > 1 { shipment.hold([index], .wouldErase) }
      counts?[place] = count - 1
    }
  }

  private func countAll() async throws -> [Place: Int32] {
    let superseded = try await state.supersededRows()
    var counts: [Place: Int32] = [:]
    let page = Page()
    let envelope = Envelope()
    for segment in try await state.liveSegments() {
      let shape = try await state.lines(of: segment, into: page)
      let slots = (0..<page.count).filter {
        !superseded.contains(RowReference(segment: segment, slot: UInt32($0)))
      }
      let composition = composer.compose(
        Self.rows(slots, of: page, shape: shape),
        into: envelope
      )
      for placement in composition.placements {
        if let placement { counts[placement.place, default: 0] += 1 }
      }
    }
    return counts
  }

  /// Stored rows as removals: without a body where that is a null value.
  private static func rows(_ slots: [Int], of page: Page, shape: Int) -> RowsToSend {
    RowsToSend(
      token: [UInt8](repeating: 0, count: 16),
      isBackfill: false,
      items: slots.map {
        RowsToSend.Item(change: .removed, position: Int32($0), line: nil, old: Int32($0))
      },
      shape: shape,
      rows: Page(),
      oldRows: page,
      oldShapes: [Int](repeating: shape, count: page.count)
    )
  }
}

extension SyncSettings {
  /// Whether a null value may erase the message of another row: not if keys are checked, nor if
  /// messages of several triggers go to different places, so that a removal says nothing of a
  /// message that is there.
  var mayEraseRows: Bool {
    nullValues == .unchecked && !nullValueTriggers.isEmpty && hasOnePlacement
  }

  /// Whether a row's messages have one topic, key and partition, whatever happened to it.
  private var hasOnePlacement: Bool {
    [changed, removed].allSatisfy { other in
      other.topic.value == added.topic.value && other.key?.value == added.key?.value
        && other.partition?.value == added.partition?.value
    }
  }
}
