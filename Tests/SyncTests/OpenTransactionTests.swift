import Rows
import Testing

@testable import State
@testable import Sync

/// What goes into one transaction, and what is learned from it.
@Suite struct OpenTransactionTests {
  private static let start = ContinuousClock.now

  private static func failure(
    _ index: Int,
    _ fate: UndeliveredMessage.Fate
  ) -> UndeliveredMessage {
    UndeliveredMessage(index: index, error: DeliveryFailure(.other, "refused"), fate: fate)
  }

  private static func report(
    on shipment: Shipment,
    _ failures: [UndeliveredMessage]
  ) -> DeliveryReport {
    var report = ShipmentTests.report(shipment.batch.number, shipment.envelopeToSubmit())
    report.failures = failures
    return report
  }

  @Test func `removals, and rows that were refused before, have transactions of their own`() throws
  {
    let first = try ShipmentTests.shipment(1, rows: 2)
    let transaction = OpenTransaction(first, at: Self.start)
    #expect(transaction.takes(try ShipmentTests.shipment(2, rows: 2), at: Self.start))
    let removal = Shipment(ShipmentTests.batch(3, rows: 2, removing: true))
    #expect(!transaction.takes(removal, at: Self.start))
    let retry = ShipmentTests.batch(4, rows: 2)
    retry.isRetry = true
    #expect(!transaction.takes(Shipment(retry), at: Self.start))
  }

  @Test func `a transaction has at most 100,000 rows and five seconds`() throws {
    let first = try ShipmentTests.shipment(1, rows: 1)
    var transaction = OpenTransaction(first, at: Self.start)
    for number in 2...10 {
      let next = Shipment(ShipmentTests.batch(number, rows: 11_000))
      #expect(transaction.takes(next, at: Self.start))
      transaction.append(next)
    }
    #expect(transaction.number == 10)
    let fits = Shipment(ShipmentTests.batch(11, rows: 999))
    #expect(transaction.takes(fits, at: Self.start))
    #expect(!transaction.takes(Shipment(ShipmentTests.batch(12, rows: 1000)), at: Self.start))
    #expect(!transaction.takes(fits, at: Self.start + .seconds(5)))
  }

  @Test func `refused requests are narrowed down, likeliest messages first`() throws {
    let keyless = try ShipmentTests.shipment(2, rows: 40, hasKey: false)
    let keyed = try ShipmentTests.shipment(1, rows: 40)
    var transaction = OpenTransaction(keyed, at: Self.start)
    transaction.append(keyless)
    for shipment in [keyed, keyless] {
      let all = (0..<40).map { Self.failure($0, .refusedWithRequest) }
      #expect(transaction.take(Self.report(on: shipment, all), sent: Array(0..<40)).isEmpty)
    }
    #expect(transaction.hasRefusals)
    #expect(transaction.refusal?.code == .abortable)
    let next = transaction.nextRound()
    let round = try #require(next)
    #expect(round.width == .some)
    #expect(round.messages.prefix(40).allSatisfy { $0.batch == 2 })
    transaction.forgetAttempt()
    let rest = transaction.nextRound()
    #expect(!transaction.hasRefusals && rest == nil)
  }

  @Test func `what stops the run is told, and not what was only refused`() throws {
    let shipment = try ShipmentTests.shipment(1, rows: 3)
    var transaction = OpenTransaction(shipment, at: Self.start)
    let refused = transaction.take(
      Self.report(on: shipment, [Self.failure(0, .refused), Self.failure(1, .unknown)]),
      sent: [0, 1, 2]
    )
    #expect(refused.map(\.index) == [0])
    #expect(transaction.failure?.code == .other)
    #expect(transaction.firstTopic == "t1" && transaction.sends(to: "t1"))
    #expect(!transaction.sends(to: "t2"))
  }

  @Test func `a null value waits for nobody whose place is free`() throws {
    let shipment = try ShipmentTests.shipment(1, rows: 2)
    let transaction = OpenTransaction(shipment, at: Self.start)
    #expect(transaction.chooseNullValues(StandingPlaces()).isEmpty)
  }
}
