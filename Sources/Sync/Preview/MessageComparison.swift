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
  private let composers: (old: Composer, new: Composer)
  private let envelopes = (old: Envelope(), new: Envelope())
  private let differences: MessageDifferences
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

  /// Both sides of a comparison are of this run: 2000-01-01.
  private static let run = RunIdentity(id: "run_compare", startedAt: 946_684_800_000_000)

  init(
    old: SettingsComparison.Version,
    new: SettingsComparison.Version,
    samplesMax: Int
  ) {
    self.new = new
    self.samplesMax = samplesMax
    let shapes = shapes
    let composer = { (version: SettingsComparison.Version) in
      Composer(
        sync: version.sync,
        model: version.model,
        stateID: nil,
        run: Self.run,
        topics: MessagePreview.partitionsUnknown(),
        shapeOf: { shapes[$0] }
      )
    }
    composers = (composer(old), composer(new))
    let says = { (sync: SyncSettings) in Change.allCases.contains { sync[$0].partition != nil } }
    differences = MessageDifferences(comparesPartitions: says(old.sync) || says(new.sync))
    changes = Change.allCases.filter {
      $0 == .added || (old.sync[$0].isSelected && new.sync[$0].isSelected)
    }
  }

  /// Learns what columns rows have, by the number of their shape.
  func learn(_ known: [Int: Shape]) {
    for (number, shape) in known.sorted(by: { $0.key < $1.key }) {
      shapes[number] = shape
      do {
        try composers.old.use(shape, number: number)
        try composers.new.use(shape, number: number)
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
    var old = Versions(composers.old.compose(batch, into: envelopes.old), envelopes.old)
    var new = Versions(composers.new.compose(batch, into: envelopes.new), envelopes.new)
    for item in batch.items {
      let pair = (old.version(at: item.position), new.version(at: item.position))
      if case (.rejected(let reason), .rejected) = pair {
        rejected += 1
        if rejectedReason == nil { rejectedReason = reason }
      }
      compared += 1
      if differences.areEqual(pair.0, pair.1) { continue }
      differing += 1
      let list = differences.list(pair.0, pair.1)
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

/// What a composer made of each row of a batch, for one who asks row by row, in order.
private struct Versions {
  private let composition: Composition
  private let messages: [Envelope.Message]
  private let envelope: Envelope
  private var nextMessage = 0
  private var nextRejected = 0

  init(_ composition: Composition, _ envelope: Envelope) {
    self.composition = composition
    self.envelope = envelope
    messages = envelope.messages
  }

  mutating func version(at position: Int32) -> MessageDifferences.Version {
    if nextMessage < composition.ownCount, composition.positions[nextMessage] == position {
      nextMessage += 1
      return .message(.init(message: messages[nextMessage - 1], envelope: envelope))
    }
    if nextRejected < composition.rejected.count,
      composition.rejected[nextRejected].position == position
    {
      nextRejected += 1
      return .rejected(composition.rejected[nextRejected - 1].rejection.text)
    }
    return .none
  }
}
