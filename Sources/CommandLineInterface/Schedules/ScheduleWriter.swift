import Blocking
import Glibc

/// Writes the files of a project for a scheduler into a folder.
struct ScheduleWriter {
  let folder: String
  /// The first line of the project's files.
  let mark: String

  private static let bytesMax = 1 << 20

  /// Writes `files`; returns the names of the project's older files that are no longer among them.
  ///
  /// A file that is not the project's own is not touched, and then nothing is written.
  func write(_ files: [ScheduleFile]) throws(CommandFailure) -> [String] {
    for file in files where isForeign(file.name) {
      throw CommandFailure(
        .configuration,
        "\(folder.printable)/\(file.name) is not a file of this project",
        hint: "give the files of this project names of their own: --name NAME"
      )
    }
    for file in files {
      let path = "\(folder)/\(file.name)"
      if let reason = FileReplacement.write(Array(file.text.utf8), to: path, mode: 0o644) {
        throw CommandFailure(
          .failed,
          "cannot write \(path.printable): \(reason)",
          hint: "name a folder that is there, and that you may write to"
        )
      }
    }
    let names = Set(files.map(\.name))
    return try entries().filter { !names.contains($0) && isOwn($0) }.sorted()
  }

  private func content(_ name: String) -> [UInt8]? {
    SmallFile.read("\(folder)/\(name)", upTo: Self.bytesMax)
  }

  private func isOwn(_ name: String) -> Bool {
    content(name).map { ScheduleFile.isOwn($0, mark: mark) } ?? false
  }

  private func isForeign(_ name: String) -> Bool {
    access("\(folder)/\(name)", F_OK) == 0 && !isOwn(name)
  }

  /// Names of the folder's files for a scheduler.
  private func entries() throws(CommandFailure) -> [String] {
    guard let stream = opendir(folder) else {
      throw CommandFailure(.failed, "cannot read \(folder.printable): \(SystemError.text())")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if [".service", ".timer", ".yaml"].contains(where: name.hasSuffix) { names.append(name) }
    }
    return names
  }
}
