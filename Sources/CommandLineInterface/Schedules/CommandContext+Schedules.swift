import Configuration
import Glibc
import Settings

extension CommandContext {
  /// The project, of which every file has to be sound: a sync that cannot be read would silently lose
  /// its schedule.
  ///
  /// With `isOffline` variables may be unset here: the scheduler has them.
  func scheduledProject(isOffline: Bool) throws(CommandFailure) -> ProjectSettings {
    let scope = Configuration.Scope(.everything, isOffline: isOffline)
    let (project, result) = try load(scope)
    let missing = result.syncNames.filter { name in !project.syncs.contains { $0.name == name } }
    if missing.isEmpty { return project }
    throw CommandFailure(
      .configuration,
      "\(missing.joined(separator: ", ")) cannot be read without variables that are not set",
      hint: "set them, or give them defaults: ${NAME:-default}"
    )
  }

  /// `path` without symbolic links, for a mark that names the project; as it is if it does not exist.
  ///
  /// Throws if it holds a line break or the like: a mark is a line.
  func markedPath(_ path: String) throws(CommandFailure) -> String {
    var path = path
    if let found = realpath(path, nil) {
      path = String(cString: found)
      free(found)
    }
    if path == path.printable { return path }
    throw CommandFailure(
      .configuration,
      "the path of the project holds a control character, which no schedule can hold",
      kind: .system,
      hint: "rename the folder"
    )
  }
}

extension Console {
  /// Says that there is nothing to schedule.
  func warnOfNoSchedule() {
    log(
      LogEvent(
        .warning,
        name: "no-schedule",
        message: "no sync has a schedule; write 'schedule: \"*/5 * * * *\"' into a file of syncs/"
      )
    )
  }
}
