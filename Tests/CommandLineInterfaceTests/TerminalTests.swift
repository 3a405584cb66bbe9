import CommandLineInterface
import Foundation
import SQLite
import TestSnapshots
import Testing

/// What a terminal of 80 or 120 columns shows: nothing is broken inside a word, with and without
/// colour.
@Suite struct TerminalTests {
  private static let template = """
    model: customers_of_the_western_region
    topic: customers
    key: {column: id}
    guards: {max_added: 1000}
    headers: {origin: "the shop of the western region, which was merged with the northern one"}
    message:
      template: |
        {"name": "{{ row.name }}", "age": {{ row.age | raw }}, "note": "{{ row.note }}"}
    """

  private func project() throws -> TemporaryFolder {
    let folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/customers_of_the_western_region.sql":
        "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM customers ORDER BY id\n",
      "syncs/customers.yml": Self.template,
      "syncs/orders.yml": Self.template.replacingOccurrences(of: "customers\n", with: "orders\n"),
    ])
    try change(
      folder,
      """
      CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, age, note TEXT);
      INSERT INTO customers VALUES (1, 'Ada', 36, 'a note'), (2, 'Grace', 45, NULL),
        (3, 'Zoë 東京', 'unknown, as far as anybody can tell from what she wrote', 'x');
      """
    )
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(sql)
  }

  /// What both streams show, one after the other, and how it looks without what differs each time.
  private func look(
    _ line: String,
    in folder: TemporaryFolder,
    width: Int,
    colour: Bool = false
  ) async -> String {
    let output = MemorySink(isTerminal: true, width: width)
    let errors = MemorySink(isTerminal: true, width: width)
    _ = await CommandLineInterface.run(
      line.split(separator: " ").map(String.init),
      environment: colour ? [:] : ["NO_COLOR": "1"],
      currentDirectory: folder.path,
      output: output,
      errors: errors
    )
    var text = output.text + errors.text
    for (pattern, plain) in [
      ("\\r\u{1B}\\[K[^\\r\\n]*?(?=\\r|$)", ""), ("\\r\u{1B}\\[K", ""),
      (#"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d"#, "2026-01-31 09:00:00"),
      (#"\b(run|plan|evt)_[a-z0-9]{13,26}"#, "$1_0123456789abc"), (#"\d+\.\d+ s"#, "0.0 s"),
    ] {
      text = text.replacingOccurrences(of: pattern, with: plain, options: .regularExpression)
    }
    return text.replacingOccurrences(of: folder.path, with: "/project")
  }

  /// The widest line, as far as ASCII goes: colours take no room.
  private func width(_ text: String) -> Int {
    text.replacingOccurrences(of: "\u{1B}\\[[0-9;]*m", with: "", options: .regularExpression)
      .split(separator: "\n").map(\.count).max() ?? 0
  }

  @Test(arguments: [80, 120])
  func `no command writes lines that a terminal breaks inside a word`(_ columns: Int) async throws {
    let folder = try project()
    var seen: [String] = []
    func look(_ line: String) async {
      let plain = await self.look(line, in: folder, width: columns)
      #expect(width(plain) <= columns, "\(line):\n\(plain)")
      seen.append("$ sluice \(line)\n\(plain)")
    }
    await look("plan customers")
    _ = await folder.run("run --quiet")
    try change(folder, "UPDATE customers SET name = name || ' of a family with a long name'")
    try folder.write(
      Self.template.replacingOccurrences(of: "merged", with: "joined").replacingOccurrences(
        of: "max_added: 1000",
        with: "max_changed: 1"
      ),
      to: "syncs/customers.yml"
    )
    await look("plan customers --save customers.plan --allow max_changed")
    await look("plan show customers.plan")
    await look("plan customers --backfill --changed-messages")
    await look("run customers")
    await look("runs customers")
    await look("status")
    await look("errors orders")
    await look("errors orders --runs 3")
    try folder.write(
      "model: customers_of_the_western_region\ntopic: customers\n"
        + "headers: {a: \(String(repeating: "long ", count: 30)), b: {colum: id}}\n",
      to: "syncs/customers.yml"
    )
    await look("check")
    try folder.write(
      Self.template.replacingOccurrences(
        of: "row.note }}",
        with: "row.note | default: 'nothing was written down about this person' | upcased }}"
      ),
      to: "syncs/customers.yml"
    )
    await look("check")
    let difference = Snapshot.difference(
      seen.joined(separator: "\n"),
      from: "terminal-\(columns)"
    )
    #expect(difference == nil)
    // Colours change nothing of it but themselves.
    let (plain, coloured) = (
      await self.look("check", in: folder, width: columns),
      await self.look("check", in: folder, width: columns, colour: true)
    )
    #expect(coloured != plain)
    #expect(
      coloured.replacingOccurrences(
        of: "\u{1B}\\[[0-9;]*m",
        with: "",
        options: .regularExpression
      ) == plain
    )
  }
}
