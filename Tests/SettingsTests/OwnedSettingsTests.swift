import Testing

@testable import Settings

@Suite struct OwnedSettingsTests {
  @Test func `what Sluice fixes in a session cannot be set, however it is written`() {
    let names = PostgresSession.fixed.map(\.name) + [PostgresSession.encoding]
    for name in names + PostgresSession.transaction {
      #expect(PostgresSession.reason(against: name) != nil)
      #expect(PostgresSession.reason(against: name.uppercased()) != nil)
    }
    for name in ["statement_timeout", "lock_timeout", "work_mem", "search_path"] {
      #expect(PostgresSession.reason(against: name) == nil)
    }
  }

  @Test(arguments: ["compression.type", "linger.ms", "message.max.bytes", "retry.backoff.ms"])
  func `what only makes sending faster is the user's`(name: String) {
    #expect(OwnedProperty.reason(against: name) == nil)
  }
}
