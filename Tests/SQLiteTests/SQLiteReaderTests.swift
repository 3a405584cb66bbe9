import SQLite
import Testing

@Suite struct SQLiteReaderTests {
  @Test func `a file that is not there is not made`() {
    let error = #expect(throws: SQLiteError.self) { try SQLiteReader(path: "/tmp/no/such.db") }
    #expect(error?.code == .cannotOpen)
  }
}
