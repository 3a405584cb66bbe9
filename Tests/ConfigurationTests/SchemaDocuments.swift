@testable import Configuration
import Foundation
import JSON
import Reports
import Testing
import Values

extension Value {
  /// The value that `json` writes; nil if it is not JSON.
  init?(parsing json: String) {
    guard let value = try? JSONParser().parse(json) else { return nil }
    self = value
  }

  /// What an editor sees in a text of YAML: references are texts.
  init?(yaml: String) {
    let report = DiagnosticReport()
    let literal = yaml.replacingOccurrences(of: "$${", with: "${")
      .replacingOccurrences(of: "${", with: "$${")
    let source = SourceText(path: "", text: literal, report: report)
    let interpolation = Interpolation(variables: VariableValues(process: [:]), directory: "/")
    guard let root = YAMLFile(source: source, interpolation: interpolation).root(),
      let json = LiteralReader().json(root)
    else { return nil }
    self.init(parsing: json)
  }
}

/// Expects that every file of a project, which is right, is right by its schema.
///
/// With an environment `sluice.yml` need not be right by itself.
func expectValid(_ directory: String, environment: String? = nil) {
  let files = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
  for file in files {
    let kind: Configuration.SchemaKind
    switch file {
    case "sluice.yml" where environment == nil: kind = .config
    case environment.map { "sluice.\($0).yml" }: kind = .environment
    case _ where file.hasPrefix("syncs/") && file.hasSuffix(".test.yml"): kind = .test
    case _ where file.hasPrefix("syncs/") && file.hasSuffix(".yml"): kind = .sync
    case _ where file.hasPrefix("models/") && file.hasSuffix(".sql"): kind = .model
    default: continue
    }
    guard let text = try? String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8),
      let document = Value(yaml: kind == .model ? frontMatter(text) : text)
    else { continue }
    #expect(SchemaCheck(kind).isValid(document), "\(file): \(document.jsonText)")
  }
}

private func frontMatter(_ model: String) -> String {
  let parts = model.components(separatedBy: "-- ---")
  return parts.count < 3 ? "" : parts[1].replacingOccurrences(of: "\n--", with: "\n")
}
