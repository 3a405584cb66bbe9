import Settings

/// The files with templates of a project, each read once.
final class TemplateFolder {
  /// A template's file, or why there is none.
  typealias Answer = Result<SourceText, FileAccess.Failure>

  /// The folder of partials where a sync names none.
  static let partialsDefault = "templates"
  private static let suffix = ".liquid"

  private let directory: String
  let report: DiagnosticReport
  private var answers: [String: Answer] = [:]
  private var folders: [String: [String: SourceText]] = [:]
  /// The files that were asked for since somebody emptied this.
  var touched: Set<String> = []
  /// Files in the order in which they were read, as they are shown.
  private(set) var files: [String] = []

  init(directory: String, report: DiagnosticReport) {
    self.directory = directory
    self.report = report
  }

  /// The file at `path`, which is relative to the project.
  func file(_ path: String) -> Answer {
    let shown = shown(path)
    touched.insert(shown)
    if let known = answers[shown] { return known }
    files.append(shown)
    let full = FileAccess.path(path, from: directory)
    let answer = FileAccess.text(at: full, sizeMax: YAMLFile.sizeMax).map { text in
      let source = SourceText(path: shown, text: text, report: report)
      // A template is code: what looks like a password in it is the name of a member.
      source.isMasked = true
      return source
    }
    answers[shown] = answer
    return answer
  }

  /// The partials in the folder `path` by name; what cannot be read is reported.
  func partials(in path: String) -> Result<[String: SourceText], FileAccess.Failure> {
    let shown = shown(path)
    if let known = folders[shown] {
      touched.formUnion(known.values.map(\.path))
      return .success(known)
    }
    return FileAccess.names(in: FileAccess.path(path, from: directory)).map { names in
      var partials: [String: SourceText] = [:]
      for file in names where file.hasSuffix(Self.suffix) && !file.hasPrefix(".") {
        partials[String(file.dropLast(Self.suffix.count))] = partial("\(shown)/\(file)")
      }
      folders[shown] = partials
      return partials
    }
  }

  /// Whether the default folder of partials is there.
  var hasDefaultPartials: Bool {
    FileAccess.isDirectory(FileAccess.path(Self.partialsDefault, from: directory))
  }

  private func partial(_ path: String) -> SourceText? {
    switch file(path) {
    case .success(let source): return source
    case .failure(let failure):
      let location = SourceLocation(
        file: path,
        line: failure.line ?? 1,
        column: failure.column ?? 1
      )
      let message = "the partial cannot be read: \(failure.reason)"
      report.add(Diagnostic(at: location, message, kind: .unreadableFile))
      return nil
    }
  }

  /// A path without what does not change it; relative to the project where it lies inside.
  private func shown(_ path: String) -> String {
    var path = Substring(path)
    let prefix = directory.hasSuffix("/") ? directory : directory + "/"
    if path.hasPrefix(prefix) { path = path.dropFirst(prefix.count) }
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    while path.hasSuffix("/"), path.count > 1 { path = path.dropLast() }
    return String(path)
  }
}

extension SourceText {
  /// The whole text, without a byte order mark.
  var text: String { String(String.UnicodeScalarView(scalars)) }

  /// The place that Liquid, for which only LF ends a line, calls by line and column.
  func index(line: Int, column: Int) -> Int {
    var start = 0
    var number = 1
    while number < line, let feed = scalars[start...].firstIndex(of: "\n") {
      start = feed + 1
      number += 1
    }
    return min(start + column - 1, scalars.count)
  }
}
