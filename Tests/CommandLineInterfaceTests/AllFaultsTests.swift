import CommandLineInterface
import Foundation
import SQLite
import Testing

/// One command tells all faults of a kind.
@Suite struct AllFaultsTests {
  private func project(_ sync: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/t.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT id, email, name FROM t\n",
      "syncs/s.yml": "model: t\ntopic: t\n" + sync,
    ])
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, email, name); INSERT INTO t VALUES (1, 'a', 'b')"
    )
    return folder
  }

  @Test(arguments: ["check", "plan", "run"])
  func `a template that can give no JSON is refused with every place`(command: String) async throws
  {
    let folder = try project(
      """
      key: {column: id}
      message:
        template: |
          {"id": {{ row.id }} "email": "{{ row.email }}"
           "tags": [{{ row.a }} {{ row.b }}]}

      """
    )
    let outcome = await folder.run(command)
    #expect(outcome.code == .configuration)
    for place in ["6:25", "7:6", "7:27"] {
      let line = "syncs/s.yml:\(place): error: a comma is missing before this"
      #expect(outcome.errors.contains(line), "\(outcome.errors)")
    }
    #expect(outcome.errors.contains(#"{"id": {{ row.id }} "email": "{{ row.email }}""#))
    #expect(outcome.errors.components(separatedBy: "error: a comma").count == 4)
  }

  @Test(arguments: ["check --connect", "plan", "run"])
  func `columns that the query lacks are told at once, with the nearest`(
    command: String
  ) async throws {
    let folder = try project(
      """
      key: {column: idd}
      headers: {h: {column: nme}}
      message:
        template: |
          {"a": {{ row.emial }}, "b": {{ row.nam }}}

      """
    )
    let outcome = await folder.run(command)
    #expect(outcome.code == .configuration)
    let text = outcome.output + outcome.errors
    for place in ["3:6", "4:14", "7:14", "7:36"] {
      #expect(text.contains("syncs/s.yml:\(place): "), "\(place): \(text)")
    }
    for name in ["id", "name", "email"] {
      #expect(text.contains("did you mean '\(name)'?") || text.contains("did you mean `\(name)`?"))
    }
  }
}
