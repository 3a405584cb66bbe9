import Configuration
import Reports

/// The JSON Schemas in a project's folder, and the lines that name them.
enum ProjectSchema {
  private static let folder = ".schema"

  /// The schema as it is printed and written.
  static func text(of kind: Configuration.SchemaKind) -> String {
    JSONLayout.lines(Configuration.schema(kind).jsonText).joined(separator: "\n")
  }

  /// The files of all schemas; they replace those of an earlier version.
  static var files: [ProjectTemplate.File] {
    Configuration.SchemaKind.allCases.map {
      ProjectTemplate.File(
        path: path(of: $0),
        content: .text(text(of: $0) + "\n"),
        isReplaced: true
      )
    }
  }

  /// Where the schema of a kind is in a project.
  static func path(of kind: Configuration.SchemaKind) -> String {
    "\(folder)/\(kind.rawValue).json"
  }

  /// The first line of a file of this kind, as the YAML language server reads it.
  static func line(for kind: Configuration.SchemaKind) -> String {
    let up =
      switch kind {
      case .config, .environment: ""
      case .sync, .test, .model: "../"
      }
    return "# yaml-language-server: $schema=\(up)\(path(of: kind))\n"
  }
}
