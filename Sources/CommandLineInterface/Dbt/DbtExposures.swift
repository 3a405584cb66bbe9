import Configuration
import Settings

/// The file that tells dbt which of its models syncs deliver.
///
/// Format: https://docs.getdbt.com/reference/exposure-properties. The same project gives the same
/// bytes: syncs are sorted by name, and no time is in it.
struct DbtExposures {
  let project: ProjectSettings
  /// Who is named as the owner.
  let owner: String
  /// The owner's address; nil for none.
  let email: String?

  /// The text of the file; throws if two syncs would have one name in dbt.
  func text() throws(CommandFailure) -> String {
    let syncs = project.syncs.sorted { $0.name < $1.name }
    var names: [String: String] = [:]
    var entries: [String] = []
    for sync in syncs {
      guard let node = project.models[sync.model.value]?.dbt else { continue }
      let name = Self.name(of: sync.name)
      if let other = names.updateValue(sync.name, forKey: name) {
        throw CommandFailure(
          .configuration,
          "syncs '\(other)' and '\(sync.name)' would both be the exposure \(name)",
          kind: .dbtModel,
          hint: "an exposure's name has letters, digits and underscores only: rename a sync"
        )
      }
      entries.append(entry(sync, name: name, node))
    }
    let note = "# Written by 'sluice dbt exposures': run it again after a change of syncs."
    return note + "\nversion: 2\n\n"
      + (entries.isEmpty ? "exposures: []\n" : "exposures:\n" + entries.joined())
  }

  private func entry(_ sync: SyncSettings, name: String, _ node: DbtNode) -> String {
    var lines = [
      "  - name: \(name)",
      "    label: \(Self.quoted("Sluice: \(sync.name)"))",
      "    type: application",
      "    description: \(Self.quoted(description(sync)))",
      "    depends_on:",
      "      - \(Self.quoted(Self.reference(node)))",
      "    owner:",
      "      name: \(Self.quoted(owner))",
    ]
    if let email { lines.append("      email: \(Self.quoted(email))") }
    return lines.map { $0 + "\n" }.joined()
  }

  private func description(_ sync: SyncSettings) -> String {
    let topics = Change.allCases.filter { sync[$0].isSelected }
      .compactMap { sync[$0].topic.value.constantText }
    let known = Set(topics).sorted()
    let place =
      known.isEmpty ? "topics that its rows name" : "topic \(known.joined(separator: ", "))"
    return "Messages for added, changed and removed rows, to \(place) of \(sync.destination.value)."
  }

  private static func reference(_ node: DbtNode) -> String {
    let version = node.version.map { ", v=\(Int($0) == nil ? "'\($0)'" : $0)" } ?? ""
    return "ref('\(node.package)', '\(node.name)'\(version))"
  }

  private static func name(of sync: String) -> String {
    "sluice_" + String(sync.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  /// dbt renders Jinja in these texts: a brace of ours must not begin any.
  private static func quoted(_ text: String) -> String {
    let plain = text.printable.replacing("{{", with: "{ {").replacing("{%", with: "{ %")
    return "\"" + plain.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
