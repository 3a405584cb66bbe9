internal import Messages
internal import Rows
internal import Settings

/// Makes the messages of rows under an older and a newer version of the settings.
///
/// Both sides have the same time, the same run and placeholders for ids. Used by one task at a time.
final class ComposedTwice {
  private let composers: (old: Composer, new: Composer)
  private let envelopes = (old: Envelope(), new: Envelope())
  /// Tells the messages of both apart.
  let differences: MessageDifferences

  /// Both sides are of this run: 2000-01-01.
  private static let run = RunIdentity(id: "run_compare", startedAt: 946_684_800_000_000)

  init(old: SettingsComparison.Version, new: SettingsComparison.Version, _ shapes: ShapeCatalog) {
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
  }

  /// Has `encoder` make bodies on both sides.
  func prepare(_ encoder: any BodyEncoder, for shapes: [Int: Shape]) async throws(ComposerError) {
    try await composers.old.prepare(encoder, for: shapes)
    try await composers.new.prepare(encoder, for: shapes)
  }

  /// Compiles both sides for rows of `shape`.
  ///
  /// Throws a ``ComposerError`` if they lack columns: then they are composed as far as those go.
  func use(_ shape: Shape, number: Int) throws(ComposerError) {
    try composers.old.use(shape, number: number)
    try composers.new.use(shape, number: number)
  }

  /// Hands both versions of the message of each of `rows` to `body`, in order.
  func forEach(
    of rows: RowsToSend,
    _ body: (RowsToSend.Item, MessageDifferences.Version, MessageDifferences.Version) -> Void
  ) {
    var old = Versions(composers.old.compose(rows, into: envelopes.old), envelopes.old)
    var new = Versions(composers.new.compose(rows, into: envelopes.new), envelopes.new)
    for item in rows.items {
      body(item, old.version(at: item.position), new.version(at: item.position))
    }
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
