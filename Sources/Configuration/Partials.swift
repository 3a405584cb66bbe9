import Settings

/// The Liquid partials of a folder, for a command that renders outside of a sync.
public struct Partials: Sendable {
  /// Name of the folder that holds partials where nothing else is said.
  public static let folderDefault = TemplateFolder.partialsDefault

  /// Their texts by name.
  public private(set) var texts: [String: String] = [:]
  /// Their files by name, as they are shown.
  public private(set) var paths: [String: String] = [:]
  /// What is wrong with the folder or its files.
  public private(set) var diagnostics: [Diagnostic] = []

  /// Reads `NAME.liquid` for every name in `folder`, which is relative to `directory`.
  public init(folder: String, directory: String) {
    let report = DiagnosticReport()
    switch TemplateFolder(directory: directory, report: report).partials(in: folder) {
    case .success(let sources):
      texts = sources.mapValues(\.text)
      paths = sources.mapValues(\.path)
    case .failure(let failure):
      let message = "the folder of partials \(folder.quoted) cannot be read: \(failure.reason)"
      report.add(Diagnostic(at: nil, message, kind: .unreadableFile))
    }
    diagnostics = report.diagnostics
  }

  /// Whether there is a folder at `path`, which is relative to `directory`.
  public static func isFolder(_ path: String, in directory: String) -> Bool {
    FileAccess.isDirectory(FileAccess.path(path, from: directory))
  }
}
