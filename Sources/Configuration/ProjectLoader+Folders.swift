import Settings

extension ProjectLoader {
  /// The names of a folder's files without their suffix; what does not belong there is reported.
  func names(in folder: String, suffix: String, kind: String) -> [String] {
    let path = FileAccess.path(folder, from: directory)
    let entries: [String]
    switch FileAccess.names(in: path) {
    case .success(let names): entries = names
    case .failure(let failure):
      if !failure.isMissing {
        say(.error, path: folder, message: "the folder cannot be read: \(failure.reason)")
      }
      return []
    }
    var names: [String] = []
    for entry in entries where !entry.hasPrefix(".") && !isTest(entry, folder) {
      if let name = name(of: entry, in: folder, suffix: suffix, kind: kind) { names.append(name) }
    }
    checkCase(names, folder: folder, suffix: suffix, kind: kind)
    return names
  }

  private func name(of entry: String, in folder: String, suffix: String, kind: String) -> String? {
    let path = "\(folder)/\(entry)"
    if FileAccess.isDirectory(FileAccess.path(path, from: directory)) {
      say(.warning, path: path, message: "folders inside \(folder)/ are not read")
      return nil
    }
    guard entry.hasSuffix(suffix) else {
      reportOther(entry, path, suffix: suffix, kind: kind)
      return nil
    }
    let name = String(entry.dropLast(suffix.count))
    guard ProjectName.isValid(name) else {
      say(
        .error,
        path: path,
        message: "\(name.quoted) is not a name of a \(kind)",
        hint: ProjectName.rule
      )
      return nil
    }
    return name
  }

  private func reportOther(_ entry: String, _ path: String, suffix: String, kind: String) {
    let lowered = entry.lowercased()
    let misspelt = [suffix, ".yaml", ".yml", ".sql"].first(where: lowered.hasSuffix)
    guard let misspelt, misspelt != ".sql" || suffix == ".sql" else {
      say(
        .warning,
        path: path,
        message: "this is not a \(kind), and is not read",
        hint: "the name of a \(kind) ends in \(suffix)"
      )
      return
    }
    let stem = entry.dropLast(misspelt.count)
    say(
      .error,
      path: path,
      message: "the name of a \(kind) ends in \(suffix)",
      hint: "rename it to \(stem)\(suffix)"
    )
  }

  /// Unit tests of syncs stand beside them.
  private func isTest(_ entry: String, _ folder: String) -> Bool {
    folder == "syncs" && entry.hasSuffix(Self.testSuffix)
  }

  /// Two names that differ only in case would share a state file on some file systems.
  private func checkCase(_ names: [String], folder: String, suffix: String, kind: String) {
    var seen: [String: String] = [:]
    for name in names {
      if let other = seen[name.lowercased()] {
        let path = "\(folder)/\(name)\(suffix)"
        say(
          .error,
          path: path,
          message: "the name differs from that of \(other)\(suffix) only in case"
        )
      }
      seen[name.lowercased()] = name
    }
  }

  func say(
    _ severity: Diagnostic.Severity,
    path: String,
    message: String,
    hint: String? = nil
  ) {
    let location = SourceLocation(file: path, line: 1, column: 1)
    report.add(Diagnostic(severity, at: location, message, hint: hint, kind: .unreadableFile))
  }
}
