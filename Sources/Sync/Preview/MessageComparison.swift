internal import Messages
internal import Reports
internal import Rows
internal import Settings

/// Composes rows twice, under an older and a newer version of the settings, and counts what differs.
///
/// Used by one task at a time.
final class MessageComparison {
  private let new: SettingsComparison.Version
  private let samplesMax: Int
  private let shapes = ShapeCatalog([:])
  private let versions: ComposedTwice
  /// The changes of which both versions send messages; a backfill sends every row as added.
  private let changes: [Change]

  private var rows = 0
  private var compared = 0
  /// Messages that neither version can make, and why the first of them.
  private var rejected = 0
  private var rejectedReason: String?
  private var differing = 0
  private var members: [String: Int] = [:]
  private var notes: [String] = []
  private var samples: [ComparisonReport.Sample] = []

  init(
    old: SettingsComparison.Version,
    new: SettingsComparison.Version,
    samplesMax: Int
  ) {
    self.new = new
    self.samplesMax = samplesMax
    versions = ComposedTwice(old: old, new: new, shapes)
    changes = Change.allCases.filter {
      $0 == .added || (old.sync[$0].isSelected && new.sync[$0].isSelected)
    }
  }

  /// Learns what columns rows have, by the number of their shape.
  func learn(_ known: [Int: Shape]) {
    for (number, shape) in known.sorted(by: { $0.key < $1.key }) {
      shapes[number] = shape
      do {
        try versions.use(shape, number: number)
      } catch {
        // Such rows are composed as far as their columns go.
        let note = "some rows lack columns: \(SyncRun.runError(error).message)"
        if !notes.contains(note) { notes.append(note) }
      }
    }
  }

  /// Compares the messages of the rows in `slots` of `page`, of which `oldPage` is a copy.
  func compare(_ slots: [Int], of page: Page, as oldPage: Page, shape: Int) {
    rows += slots.count
    for change in changes {
      let items = slots.map { slot in
        RowsToSend.Item(
          change: change,
          position: Int32(slot),
          line: change == .removed ? nil : Int32(slot),
          old: change == .added ? nil : Int32(slot)
        )
      }
      let batch = RowsToSend(
        token: [UInt8](repeating: 0, count: 16),
        isBackfill: false,
        items: items,
        shape: shape,
        rows: page,
        oldRows: oldPage,
        oldShapes: [Int](repeating: shape, count: oldPage.count)
      )
      compare(batch, change)
    }
  }

  private func compare(_ batch: RowsToSend, _ change: Change) {
    versions.forEach(of: batch) { item, old, new in
      if case (.rejected(let reason), .rejected) = (old, new) {
        rejected += 1
        if rejectedReason == nil { rejectedReason = reason }
      }
      compared += 1
      if versions.differences.areEqual(old, new) { return }
      differing += 1
      let list = versions.differences.list(old, new)
      for name in Set(list.map(\.name)) { members[name, default: 0] += 1 }
      keep(list, of: change, row: key(of: item, in: batch))
    }
  }

  /// Keeps differences as a sample if there are not enough of the change.
  private func keep(
    _ differences: [ComparisonReport.Difference],
    of change: Change,
    row: String?
  ) {
    guard samples.count(where: { $0.changes.contains(change) }) < samplesMax else { return }
    // Messages of one row often differ alike, whatever they tell of.
    let alike = samples.firstIndex { $0.row == row && $0.differences == differences }
    if let alike, !samples[alike].changes.contains(change) {
      samples[alike].changes.append(change)
    } else {
      samples.append(
        ComparisonReport.Sample(changes: [change], row: row, differences: differences)
      )
    }
  }

  private func key(of item: RowsToSend.Item, in batch: RowsToSend) -> String? {
    let line = batch.line(of: item)
    guard let shape = shapes[line.shape] else { return nil }
    return KeyText.text(of: line.bytes, shape, primaryKey: new.model.primaryKey.map(\.value))
  }

  /// Writes down what was found.
  func fill(_ report: inout ComparisonReport) {
    report.rows = rows
    report.notes += notes
    if let rejectedReason {
      report.notes.append(
        "of \(rejected) messages neither version can make one: \(rejectedReason)"
      )
    }
    report.compared = compared
    report.differing = differing
    report.members = members.map { ComparisonReport.Member(name: $0.key, messages: $0.value) }
      .sorted { ($1.messages, $0.name) < ($0.messages, $1.name) }
    report.samples = samples
  }
}
