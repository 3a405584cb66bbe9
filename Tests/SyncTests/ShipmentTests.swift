import Blocking
import Messages
import Rows
import Settings
import Testing

@testable import State
@testable import Sync

/// What becomes of the changes of a batch, and which messages follow from it.
@Suite struct ShipmentTests {
  static func batch(_ number: Int, rows: Int, removing: Bool = false) -> DeliverableBatch {
    let page = Page()
    for row in 0..<rows where !removing {
      Array("i\(row)\tt\(number)".utf8).withUnsafeBytes { page.append($0) }
    }
    return DeliverableBatch(
      number: number,
      token: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 16),
      isBackfill: false,
      shape: 1,
      changes: Array(
        repeating: .init(kind: removing ? .removed : .added, isSilent: false),
        count: rows
      ),
      rows: page,
      segments: []
    )
  }

  /// A batch with its messages, keyed by `id`, or without a key.
  static func shipment(_ number: Int, rows: Int, hasKey: Bool = true) throws -> Shipment {
    let shape = Shape(
      dialect: .sqlite,
      columns: ["id", "name"].map { Shape.Column(name: $0, type: ColumnType(.dynamic)) }
    )
    let message = MessageSettings(
      isSelected: true,
      topic: Located(.text("t\(number)")),
      key: hasKey ? Located(.column("id")) : nil,
      partition: nil,
      headers: [],
      systemHeaders: [],
      body: .allColumns
    )
    let composer = Composer(
      sync: SyncSettings(
        name: "s",
        file: "s.yml",
        model: Located("m"),
        destination: Located("d"),
        added: message,
        changed: message,
        removed: message
      ),
      model: ModelSettings(
        name: "m",
        file: "m.sql",
        sql: "",
        source: "d",
        primaryKey: [Located("id")],
        types: [:]
      ),
      stateID: "s",
      run: RunIdentity(id: "r", startedAt: 0),
      topics: Topics { _ in .count(3) },
      shapeOf: { _ in nil }
    )
    try composer.use(shape, number: 1)
    composer.remembersPlaces = true
    let shipment = Shipment(batch(number, rows: rows))
    let envelope = Envelope()
    let composition = composer.compose(RowsToSend(shipment.batch), into: envelope)
    shipment.load(envelope, composition)
    return shipment
  }

  static func report(_ number: Int, _ envelope: sending Envelope) -> DeliveryReport {
    var offsets = Offsets(count: envelope.messages.count)
    for index in envelope.messages.indices { offsets.acknowledge(index, offset: Int64(index)) }
    return DeliveryReport(
      number: number,
      envelope: Handover(envelope),
      offsets: offsets,
      failures: []
    )
  }

  @Test func `every message leaves while nothing is known against one`() throws {
    let shipment = try Self.shipment(1, rows: 3)
    #expect(shipment.ownSelection == .all)
    #expect(shipment.deliverableCount == 3)
    #expect(shipment.nullValues.isEmpty)
    #expect(shipment.places.count == 3)
    #expect(shipment.topics == ["t1"])
    #expect(shipment.outline(of: 2).topic == "t1" && shipment.outline(of: 2).hasKey)
  }

  @Test func `a change that failed keeps its messages back, and counts once`() throws {
    let shipment = try Self.shipment(1, rows: 3)
    #expect(shipment.fail(1, .refused))
    #expect(!shipment.fail(1, .leftOut))
    #expect(shipment.ownSelection == .subset([0, 2]))
    #expect(shipment.undelivered == [1])
    #expect(shipment.refusal.refused == [1])
    #expect(shipment.settlement.undelivered == [1])
    #expect(shipment.lastMessages(1) == [2])
    shipment.failAll()
    #expect(shipment.deliverableCount == 0 && shipment.refusal.refused == [1])
  }

  @Test
  func `a null value that would erase a row never leaves, one whose place is taken may later`()
    throws
  {
    let shipment = try Self.shipment(1, rows: 3)
    shipment.hold([0], .wouldErase)
    shipment.hold([0, 1], .placeTaken)
    #expect(shipment.ownMessages == [2])
    shipment.forgetPlaces()
    #expect(shipment.ownMessages == [1, 2])
    #expect(shipment.ownSelection == .subset([1, 2]))
  }

  @Test func `the envelope comes back with the report, and can be submitted again`() throws {
    let shipment = try Self.shipment(1, rows: 3)
    for _ in 0..<2 {
      let envelope = shipment.envelopeToSubmit()
      #expect(envelope.messages.count == 3)
      shipment.take(Self.report(1, envelope))
      #expect(shipment.offsets[2] == 2)
    }
    #expect(shipment.unload()?.take()?.messages.count == 3)
    #expect(shipment.composition == nil && shipment.deliverableCount == 0)
    #expect(shipment.unload() == nil)
  }

  @Test func `rows that an earlier attempt left out are left out again`() throws {
    let batch = Self.batch(1, rows: 3)
    batch.undelivered = [2]
    #expect(Shipment(batch).undelivered == [2])
    #expect(RowsToSend(batch).items.map(\.position) == [0, 1])
  }
}
