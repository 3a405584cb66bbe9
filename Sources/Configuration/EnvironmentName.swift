import Settings
import Spelling

/// The name of an environment: `sluice.NAME.yml` is laid over `sluice.yml`.
struct EnvironmentName {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  /// The environment whose overlay `file` is; nil for any other file of a project's folder.
  init?(ofFile file: String) {
    guard file.hasPrefix(Self.prefix), file.hasSuffix(Self.suffix),
      file.utf8.count > Self.prefix.utf8.count + Self.suffix.utf8.count
    else { return nil }
    let name = String(file.dropFirst(Self.prefix.count).dropLast(Self.suffix.count))
    guard ProjectName.isValid(name) else { return nil }
    text = name
  }

  /// The file that is laid over `sluice.yml`.
  var file: String { Self.prefix + text + Self.suffix }

  /// The file with its variables, which need not be there.
  var variableFile: String { ".env.\(text)" }

  /// The names of a project's environments, sorted.
  static func all(in directory: String) -> [String] {
    guard case .success(let names) = FileAccess.names(in: directory) else { return [] }
    return names.compactMap { EnvironmentName(ofFile: $0)?.text }
  }

  /// Why there is no such environment in `directory`, with the nearest name.
  func absence(in directory: String) -> Diagnostic {
    let known = Self.all(in: directory)
    let nearest = Spelling.nearest(to: text, among: known)
    let question = Spelling.question(nearest)
    let other = Self.prefix + text + ".yaml"
    let hint: String
    if FileAccess.exists(FileAccess.path(other, from: directory)) {
      hint = "rename \(other) to \(file)"
    } else if known.isEmpty {
      hint = "write \(file) with what differs from \(Configuration.projectFile)"
    } else {
      hint = "there are \(known.joined(separator: ", "))"
    }
    let message = "unknown environment \(text.quoted): there is no \(file)\(question)"
    return Diagnostic(
      at: nil,
      message,
      hint: nearest == nil ? hint : nil,
      kind: .wrongEnvironment
    )
  }

  private static let prefix = "sluice."
  private static let suffix = ".yml"
}
