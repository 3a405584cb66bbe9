import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// Columns that make every run send every row.
@Suite struct RestlessColumnTests {
  private func folder(_ column: String, _ sync: String = "") async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    let model = """
      -- ---
      -- primary_key: id
      -- ---
      SELECT id, name, \(column) AS seen_at FROM customers
      """
    try folder.write(model, to: "models/customers.sql")
    let text = "model: customers\ntopic: t\nkey: {primary_key: true}\n" + sync
    try folder.write(text, to: "syncs/customers.yml")
    #expect(await folder.run("run --quiet").code == .done)
    return folder
  }

  @Test func `a column that differs in every run is named by plan and by the second run`()
    async throws
  {
    let folder = try await folder("random()")
    let hint = "`changed_when: {ignore: [seen_at]}`"
    #expect(await folder.run("plan").output.contains(hint))
    let second = await folder.run("run")
    #expect(second.errors.contains("every row changed, each in `seen_at`"), "\(second.errors)")
    #expect(second.errors.contains(hint))
    try folder.write(
      "model: customers\ntopic: t\nkey: {primary_key: true}\nchanged_when: {ignore: [seen_at]}\n",
      to: "syncs/customers.yml"
    )
    let third = await folder.run("run")
    #expect(!third.errors.contains("every row changed") && third.errors.contains("nothing changed"))
  }

  @Test func `what is ignored already stays ignored in the advice`() async throws {
    let folder = try await folder("random()", "changed_when: {ignore: [name]}\n")
    #expect(await folder.run("plan").output.contains("{ignore: [name, seen_at]}"))
    let only = try await self.folder("random()", "changed_when: {only: [name, seen_at]}\n")
    #expect(await only.run("plan").output.contains("{only: [name]}"))
  }

  @Test func `rows of which some stayed as they were are not suspected`() async throws {
    let folder = try await folder("CASE WHEN id = 1 THEN 0 ELSE random() END")
    #expect(!(await folder.run("plan").output.contains("every row changed")))
    #expect(!(await folder.run("run").errors.contains("every row changed")))
  }
}
