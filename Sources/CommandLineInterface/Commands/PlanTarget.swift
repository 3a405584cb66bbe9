import Arguments
import Glibc
import Settings
import Sync

/// Where `plan --save` pins the plans of syncs: a file, or a folder with a file for each sync.
struct PlanTarget {
  /// What the name of a plan in a folder ends with.
  static let suffix = ".plan"

  private let path: String
  private let typed: String
  private let isFolder: Bool
  private let isReplacing: Bool
  private let hold: Duration?

  /// Takes what was typed after `--save`, and makes the folder if it is one.
  ///
  /// Several syncs, a slash at the end and a folder that is there mean a folder.
  init(
    _ typed: String,
    of syncs: [SyncSettings],
    isReplacing: Bool,
    _ context: CommandContext
  ) throws(CommandFailure) {
    path = context.absolute(typed)
    isFolder = syncs.count > 1 || typed.hasSuffix("/") || Self.isFolder(path)
    self.typed = typed.hasSuffix("/") ? String(typed.dropLast()) : typed
    self.isReplacing = isReplacing
    hold = context.arguments.value(of: PlanCommand.hold).flatMap(DurationText.parse)
    if isFolder, mkdir(path, 0o700) != 0, !Self.isFolder(path) {
      throw CommandFailure(
        .usage,
        "--save: \(typed) cannot be a folder, which the plans of \(syncs.count) syncs need: "
          + String(cString: strerror(errno))
      )
    }
    for request in syncs.map(request) where access(request.file, F_OK) == 0 {
      if !isReplacing {
        throw CommandFailure(
          .usage,
          "--save: \(request.typed) is there already",
          hint: "--replace takes its place"
        )
      }
      if !PinnedPlan.isPlan(request.file) {
        throw CommandFailure(
          .usage,
          "--save: \(request.typed) is not a plan, and --replace replaces nothing else",
          hint: "name another file"
        )
      }
    }
  }

  /// The file of the plan of `sync`.
  func request(_ sync: SyncSettings) -> PinRequest {
    let name = isFolder ? "/\(sync.name)\(Self.suffix)" : ""
    return PinRequest(
      file: path + name,
      typed: ShellWord.quoted(typed + name),
      isReplacing: isReplacing,
      hold: hold
    )
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
