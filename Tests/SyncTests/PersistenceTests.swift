import Testing

@testable import Sync

/// How often an attempt is repeated.
@Suite struct PersistenceTests {
  @Test func `it gives up after three attempts that brought nothing`() {
    var persistence = Persistence()
    #expect((0..<3).map { _ in persistence.allowsAnother(achieved: 0) } == [true, true, false])
  }

  @Test func `what was achieved earns new attempts, what was achieved before does not`() {
    var persistence = Persistence()
    let achieved = [0, 0, 5, 5, 5]
    #expect(
      achieved.map { persistence.allowsAnother(achieved: $0) } == [true, true, true, true, false]
    )
    var forgetful = Persistence(failuresMax: 2)
    #expect([3, 1].map { forgetful.allowsAnother(achieved: $0) } == [true, false])
  }
}
