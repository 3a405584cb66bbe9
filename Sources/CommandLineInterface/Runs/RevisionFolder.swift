import Blocking
import Foundation
import Glibc

/// The files of a project as a revision of its git repository has them, for one who reads them.
///
/// They are deleted when nobody uses it any more.
struct RevisionFolder {
  private let folder: ScratchFolder

  /// Where they are.
  var path: String { folder.path }

  /// Writes the files that `revision` has of the project in `directory` into a folder of its own.
  ///
  /// Files with variables, which are seldom in git, are today's. Throws a ``CommandFailure`` if there is
  /// no git, no such revision, or no project in it.
  init(
    _ revision: String,
    of directory: String,
    environment: [String: String]
  ) throws(CommandFailure) {
    folder = try ScratchFolder()
    let tools = Tools(environment: environment)
    try tools.run(
      "git",
      [
        "-C", directory, "rev-parse", "--verify", "--quiet", "--end-of-options",
        "\(revision)^{commit}",
      ],
      or: "git knows no revision '\(revision.printable)' of \(directory)",
      hint: "`git -C \(ShellWord.quoted(directory)) log --oneline` lists them; a shallow clone "
        + "has only the last: fetch-depth: 0"
    )
    let archive = path + "/files.tar"
    try tools.run(
      "git",
      ["-C", directory, "archive", "--format=tar", "--output", archive, revision],
      or: "git cannot give the files of '\(revision.printable)'",
      hint: "the project's folder must be part of that revision"
    )
    try tools.run(
      "tar",
      ["-xf", archive, "-C", path],
      or: "tar cannot read what git gave",
      hint: nil
    )
    unlink(archive)
    guard access(path + "/sluice.yml", F_OK) == 0 else {
      throw CommandFailure(.configuration, "'\(revision.printable)' has no sluice.yml")
    }
    copyVariables(from: directory)
  }

  private func copyVariables(from directory: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where name == ".env" || name.hasPrefix(".env.") {
      // A file that is part of the revision stays as it is.
      try? FileManager.default.copyItem(atPath: "\(directory)/\(name)", toPath: "\(path)/\(name)")
    }
  }

  /// Programs of the system.
  private struct Tools {
    let environment: [String: String]

    func run(
      _ name: String,
      _ arguments: [String],
      or message: String,
      hint: String?
    ) throws(CommandFailure) {
      guard let program = ProgramRun.find(name, path: environment["PATH"]) else {
        throw CommandFailure(.failed, "--against needs \(name)", hint: "install \(name)")
      }
      let run = try ProgramRun(program, arguments, environment: environment)
      guard run.code == 0 else {
        let reason = run.message.isEmpty ? "" : ": \(run.message)"
        throw CommandFailure(.failed, message + reason, hint: hint)
      }
    }
  }
}
