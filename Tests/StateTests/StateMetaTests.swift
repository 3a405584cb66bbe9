import Foundation
import TestSupport
import Testing

@testable import State

/// What a state says about itself.
@Suite struct StateMetaTests {
  private static func full() -> StateMeta {
    var meta = StateMeta()
    meta.id = "a1"
    meta.secret = .max
    meta.primaryKey = ["id", "a b"]
    meta.modelHash = "m"
    meta.settingsHash = "s"
    meta.wholeSettings = 2
    meta.remarked = "1 s"
    meta.shape = 3
    meta.basis = "3:1:a"
    meta.cluster = "c"
    meta.source = "{}"
    meta.backfill = 12
    meta.isInitialized = true
    meta.transactionMark = TransactionMark(number: 4, token: "ab", anchor: "t x", isHeld: true)
    meta.adoptsTransactions = true
    return meta
  }

  private func withState(_ body: (StateFile, String) async throws -> Void) async throws {
    let database = TemporaryDatabase()
    defer { database.delete() }
    try await body(StateFile.open(path: database.path, mode: .run), database.path)
  }

  @Test func `every member is read as it was written, and forgotten when it is taken back`()
    async throws
  {
    for name in StateMeta.Name.allCases { #expect(Self.full().text(name) != nil, "\(name)") }
    try await withState { state, path in
      let full = Self.full()
      try await state.update { $0 = full }
      #expect(try await StateFile.open(path: path, mode: .report).meta() == full)
      try await state.update { $0 = StateMeta() }
      #expect(try await state.meta() == StateMeta())
      #expect(await Shell.run("sqlite3 '\(path)' 'SELECT count(*) FROM meta'").output == "0\n")
    }
  }

  @Test(arguments: [("shape", "three"), ("secret", "-1"), ("transaction_mark", "4 ab")])
  func `a member that cannot be read is damage, not nothing`(
    _ name: String,
    _ text: String
  ) async throws {
    try await withState { state, path in
      let insert = "INSERT INTO meta VALUES ('\(name)', '\(text)')"
      #expect(await Shell.run("sqlite3 '\(path)' \"\(insert)\"").code == 0)
      let error = await #expect(throws: StateError.self) { try await state.meta() }
      #expect(error?.code == .damaged && error?.message.contains(name) == true)
    }
  }
}
