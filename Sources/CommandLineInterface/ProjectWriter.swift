import Glibc
import Connections

/// Writes the files of a new project, none over another.
struct ProjectWriter {
  /// Absolute path of the project's folder.
  let directory: String

  /// Fails when one of the files is there, before any is written.
  func checkNothingIsThere(
    _ files: [ProjectTemplate.File],
    hint: String = "take another folder: sluice init DIR"
  ) throws(CommandFailure) {
    let present = files.filter { !$0.mayExist && !$0.isReplaced && access(path(of: $0), F_OK) == 0 }
    guard let first = present.first else { return }
    let list = present.map(\.path).joined(separator: ", ")
    throw CommandFailure(
      .failed,
      present.count == 1 ? "\(first.path) is already there" : "these are already there: \(list)",
      hint: hint
    )
  }

  /// Whether the project has a file at this path.
  func has(_ path: String) -> Bool { access("\(directory)/\(path)", F_OK) == 0 }

  func write(_ file: ProjectTemplate.File) throws(CommandFailure) {
    let path = path(of: file)
    try makeFolders(above: path)
    switch file.content {
    case .text(let text): try write(text, to: path, file)
    case .database(let sql): try makeDatabase(sql, path: path, file: file)
    }
  }

  private func path(of file: ProjectTemplate.File) -> String { "\(directory)/\(file.path)" }

  private func makeFolders(above path: String) throws(CommandFailure) {
    var index = path.startIndex
    while let slash = path[index...].dropFirst().firstIndex(of: "/") {
      let folder = String(path[..<slash])
      if mkdir(folder, 0o777) != 0, errno != EEXIST { throw failure("make", folder) }
      index = slash
    }
  }

  private func write(
    _ text: String,
    to path: String,
    _ file: ProjectTemplate.File
  ) throws(CommandFailure) {
    let mode: mode_t = file.isSecret ? 0o600 : 0o666
    let present = file.isReplaced ? O_TRUNC : O_EXCL
    let descriptor = open(path, O_WRONLY | O_CREAT | present | O_CLOEXEC, mode)
    if descriptor < 0, errno == EEXIST, file.mayExist { return }
    guard descriptor >= 0 else { throw failure("make", path) }
    let isWritten = DescriptorSink(descriptor: descriptor).write(text)
    let isClosed = close(descriptor) == 0
    guard isWritten, isClosed else { throw failure("write", path) }
  }

  private func makeDatabase(
    _ sql: String,
    path: String,
    file: ProjectTemplate.File
  ) throws(CommandFailure) {
    // Only a file that was not there is opened: SQLite itself would take an existing one.
    try write("", to: path, file)
    do {
      try SQLiteFile.fill(path, with: sql)
    } catch {
      throw CommandFailure(.failed, "\(file.path) cannot be made: \(error)")
    }
  }

  private func failure(_ verb: String, _ path: String) -> CommandFailure {
    let reason = String(cString: strerror(errno))
    return CommandFailure(.failed, "cannot \(verb) \(path.printable): \(reason)")
  }
}
