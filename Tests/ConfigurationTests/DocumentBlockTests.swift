import Configuration
import Foundation
import Testing

/// Every block of configuration that a document shows, read as Sluice reads it.
@Suite struct DocumentBlockTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let documents =
    ["README.md"]
    + ((try? FileManager.default.contentsOfDirectory(atPath: root.path + "/docs")) ?? [])
    .filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }

  /// Files that blocks name.
  private static let others: [String: String?] = [
    "target/manifest.json": DbtManifestText.customers.text, "certs/ca.pem": "",
    "certs/client.crt": "", "certs/client.key": "", "certs/cluster-ca.crt": "",
    "certs/keycloak-ca.crt": "",
  ]

  @Test(arguments: documents) func `a block of configuration is not what Sluice reads`(
    document: String
  ) throws {
    let text = try String(
      contentsOf: Self.root.appendingPathComponent(document),
      encoding: .utf8
    )
    let blocks = DocumentBlock.all(of: document, text: text).filter { $0.role != .other }
    // Files of one page belong to one project.
    let files = blocks.reduce(into: [String: String?]()) { files, block in
      if case .file = block.role { files.merge(block.project.files) { $1 } }
    }
    for block in blocks {
      let (own, environment) = block.project
      var all = Self.others.merging(own) { $1 }
      if case .file = block.role { all.merge(files) { $1 } }
      // A page's own sluice.yml asks for an environment; a file of one belongs to it alone.
      let name = environment ?? Self.environment(in: all)
      let project = try TemporaryProject(all)
      let result = Configuration.load(
        directory: project.directory,
        environment: Self.variables(in: all),
        environmentName: name,
        withTests: true
      )
      let errors = result.diagnostics.filter { $0.severity == .error }.map(\.rendered)
      #expect(errors == [], "\(block)")
    }
  }

  @Test func `a block is looked at in few documents only`() throws {
    var counts: [String: Int] = [:]
    for document in Self.documents {
      let text = try String(
        contentsOf: Self.root.appendingPathComponent(document),
        encoding: .utf8
      )
      for block in DocumentBlock.all(of: document, text: text) {
        counts["\(block.role)".prefix { $0 != "(" }.description, default: 0] += 1
      }
    }
    #expect(counts["file", default: 0] > 5 && counts["project", default: 0] > 15)
    #expect(counts["sync", default: 0] > 15 && counts["model", default: 0] > 2)
  }

  private static func environment(in files: [String: String?]) -> String? {
    guard (files["sluice.yml"] ?? nil)?.contains("required: true") == true else { return nil }
    return files.keys.sorted().lazy.compactMap { $0.wholeMatch(of: /sluice\.(.+)\.yml/) }
      .map { String($0.1) }.first
  }

  /// A value for every variable.
  private static func variables(in files: [String: String?]) -> [String: String] {
    var values: [String: String] = [:]
    for text in files.values.compactMap(\.self) {
      for match in text.matches(of: /\$\{([A-Z_]+)\}/) {
        let name = String(match.1)
        values[name] =
          name.contains("DATABASE")
          ? "postgresql://h/d"
          : name.hasSuffix("PASSWORD") || name.hasSuffix("SECRET")
            ? "value"
            : "https://h.example.com/x"
      }
    }
    return values
  }
}
