import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// `sluice plan --against`: messages under a git revision's files and under today's.
@Suite struct PlanAgainstTests {
  private static let sync = """
    model: customers
    topic: customers
    key: {column: id}
    message: {template: '{"id": {{ row.id }}, "mail": {{ row.email }}, "list": [1, {{ row.id }}]}'}

    """

  /// A project in a folder of a repository, whose first commit is tagged `before`.
  private func project(_ place: String = "") async throws -> (TemporaryFolder, String) {
    let folder = try TemporaryFolder()
    let root = place.isEmpty ? "" : place + "/"
    try folder.write(
      """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: "${BROKERS}"}}
      """,
      to: root + "sluice.yml"
    )
    try folder.write(
      "-- ---\n-- primary_key: id\n-- ---\nSELECT 1 AS id, 'a@x' AS email",
      to: root + "models/customers.sql"
    )
    try folder.write(Self.sync, to: root + "syncs/customers.yml")
    try folder.write("state/\n.env\n*.jsonl\n", to: ".gitignore")
    try folder.write(
      #"{"id": 7, "email": "ada@x", "n": 1}"# + "\n" + #"{"id": 8, "email": null}"# + "\n",
      to: root + "rows.jsonl"
    )
    let made = await Shell.run(
      """
      cd '\(folder.path)' && git init -q . && git add -A \
      && git -c user.name=t -c user.email=t@example.com commit -qm first && git tag before
      """
    )
    try #require(made.code == 0, "\(made.errors)")
    return (folder, root)
  }

  @Test func `what differs is told by member, with no source, no broker and no variable`()
    async throws
  {
    let (folder, root) = try await project("deep/project")
    let changed =
      Self.sync.replacing("row.email", with: "row.email | upcase")
      .replacing("[1, ", with: "[2, ") + "headers: {source: shop}\n"
    try folder.write(changed, to: root + "syncs/customers.yml")
    let line = "plan --against before --rows \(root)rows.jsonl -C \(root) --output json --exit-code"
    let outcome = await folder.run(line)
    #expect(outcome.code == .somethingToSend, "\(outcome.errors)")
    for part in [
      #""rows":2,"compared":6,"differing":6"#, #"{"name":"value.list[0]","messages":6}"#,
      #"{"name":"value.mail","old":"ada@x","new":"ADA@X"}"#,
      #"{"name":"header source","old":null,"new":"shop"}"#,
      #""changes":["added","changed","removed"],"row":"7""#,
    ] {
      #expect(outcome.output.contains(part), "\(part): \(outcome.output)")
    }
    #expect(!outcome.output.contains(#""name":"topic""#))
    let redacted = await folder.run(line + " --redact")
    #expect(!redacted.output.contains("ada@x") && redacted.output.contains("value.mail"))
    let markdown = await folder.run(
      "plan --against before --rows \(root)rows.jsonl -C \(root) --output markdown"
    )
    #expect(markdown.output.contains("| 6 | value.mail |"), "\(markdown.output)")
  }

  @Test func `files that say the same send the same`() async throws {
    let (folder, root) = try await project()
    try folder.write("# a remark\n" + Self.sync, to: root + "syncs/customers.yml")
    let outcome = await folder.run("plan --against before --rows rows.jsonl --exit-code")
    #expect(outcome.code == .done)
    #expect(outcome.output.contains("customers: no message differs"))
  }

  @Test func `without --rows it is the rows of the last run, which may be missing`() async throws {
    let (folder, root) = try await project()
    try folder.write(
      Self.sync.replacing("topic: customers", with: "topic: others"),
      to: root + "syncs/customers.yml"
    )
    let without = await folder.run("plan --against before")
    #expect(without.code == .failed && without.errors.contains("--rows FILE"), "\(without.errors)")
    try folder.write("", to: "shop.db")
    let environment = ["BROKERS": "embedded"]
    #expect(await folder.run("run --quiet", environment: environment).code == .done)
    let outcome = await folder.run("plan --against before")
    #expect(outcome.code == .done && outcome.output.contains("customers: 3 messages differ"))
    #expect(outcome.output.contains(#"topic: "customers" → "others""#), "\(outcome.output)")
  }

  @Test func `a row that only one version can send is told with the reason`() async throws {
    let (folder, root) = try await project()
    try folder.write(
      Self.sync.replacing("{{ row.email }}", with: "{{ row.email | raw }}"),
      to: root + "syncs/customers.yml"
    )
    let broken = await folder.run("plan --against before --rows rows.jsonl")
    #expect(broken.output.contains("rejected: nothing → "), "\(broken.output)")
    #expect(broken.output.contains("messages differ"))
  }

  @Test func `a sync that is gone or new is a difference, and rows that make no message are told`()
    async throws
  {
    let (folder, root) = try await project()
    try FileManager.default.moveItem(
      atPath: folder.path + "/syncs/customers.yml",
      toPath: folder.path + "/syncs/renamed.yml"
    )
    let renamed = await folder.run("plan --against before --rows rows.jsonl --exit-code")
    #expect(renamed.code == .somethingToSend)
    #expect(renamed.output.contains("customers: the sync is gone"), "\(renamed.output)")
    #expect(renamed.output.contains("renamed: the sync is new"))
    try folder.write(Self.sync, to: root + "syncs/customers.yml")
    try folder.write("{}\n", to: "rows.jsonl")
    let empty = await folder.run("plan customers --against before --rows rows.jsonl")
    #expect(empty.output.contains("neither version can make one"), "\(empty.output)")
    try folder.write("{\"id\": 1\n", to: "rows.jsonl")
    let broken = await folder.run("plan customers --against before --rows rows.jsonl")
    #expect(broken.code == .failed && broken.errors.contains("rows.jsonl:"), "\(broken.errors)")
    #expect(!broken.errors.contains("Diagnostic("))
  }

  @Test func `what it needs and what does not go with it is said`() async throws {
    let (folder, root) = try await project()
    for (line, part) in [
      ("plan --against nothing", "git knows no revision 'nothing'"),
      ("plan --against=--output=x", "git knows no revision"),
      ("plan --rows rows.jsonl", "add --against REVISION"),
      ("plan --against before --backfill", "--backfill does not go with it"),
      ("plan --against before --rows none.jsonl", "none.jsonl cannot be read"),
    ] {
      let outcome = await folder.run(line)
      #expect(outcome.code != .done && outcome.errors.contains(part), "\(line): \(outcome.errors)")
    }
    try folder.write(Self.sync, to: root + "syncs/second.yml")
    let new = await folder.run("plan second --against before --rows rows.jsonl")
    #expect(new.code == .done && new.output.contains("'before' does not have it"))
  }
}
